import { Button, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../api/query";
import { LanguageChoice } from "../settings/LanguageChoice";
import { signOut } from "../shell/client";
import { Entrances } from "../shell/Entrances";
import { setDark, useDark } from "./daylight";
import classes from "./Field.module.css";
import { useOutgoing } from "./useOutgoing";
import { Sheet } from "./Sheet";

/** What is not needed at every visit. */
export function FieldMenu({ absent }: { absent?: () => void }) {
  const { t } = useTranslation("field");
  const { data: me } = useQuery(meQuery);
  const [open, setOpen] = useState(false);
  const dark = useDark();
  const { items } = useOutgoing();
  const isAbsent = () => {
    setOpen(false);
    absent?.();
  };
  return (
    <>
      <button type="button" className={`${classes.tool} ${classes.more}`} aria-haspopup="dialog" aria-label={t("menu.title")} onClick={() => setOpen(true)}>
        <IconDots size={24} aria-hidden />
      </button>
      {open && (
        <Sheet title={t("menu.title")} close={() => setOpen(false)}>
          <Stack>
            {absent && (
              <Button variant="default" onClick={isAbsent}>
                {t("menu.absent")}
              </Button>
            )}
            <Button variant="default" renderRoot={(props) => <Link to="/field" search={{ list: true }} onClick={() => setOpen(false)} {...props} />}>
              {t("menu.allVisits")}
            </Button>
            <div>
              <Text fw={550}>{t("menu.theme")}</Text>
              <SegmentedControl
                fullWidth
                aria-label={t("menu.theme")}
                value={dark ? "dark" : "light"}
                data={(["light", "dark"] as const).map((value) => ({ value, label: t(`menu.${value}`) }))}
                onChange={(value) => setDark(value === "dark")}
              />
            </div>
            <div>
              <Text fw={550}>{t("menu.language")}</Text>
              <LanguageChoice />
            </div>
            {me && <Entrances me={me} here="field" />}
            <Button variant="default" disabled={items.length > 0} onClick={() => void signOut()}>
              {t("menu.signOut")}
            </Button>
            {items.length > 0 && <p className={classes.why}>{t("menu.signOutOff")}</p>}
          </Stack>
        </Sheet>
      )}
    </>
  );
}
