import { Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./Editor.module.css";
import { WeekPicture } from "./WeekPicture";
import type { Rule } from "./week";

type Props = { name: string; mine: Rule[]; theirs: Rule[]; keepMine: () => void; keepTheirs: () => void; close: () => void };

/** Somebody changed the same hours meanwhile: both weeks, and the person decides. */
export function Clash({ name, mine, theirs, keepMine, keepTheirs, close }: Props) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const { actor, at } = state.asked;
  const time = clock(new Date(at), words.reader);
  return (
    <Dialog name="collision" close={close} size="xl" title={t("change.collideTitle")}>
      <Stack>
        <Text>{t("hours.clash", { name: actor.name, time })}</Text>
        <div className={classes.both}>
          <div>
            <strong>{t("hours.mine")}</strong>
            <WeekPicture name={name} rules={mine} />
            <Button fullWidth h={48} mt="xs" onClick={keepMine}>
              {t("hours.keepMine")}
            </Button>
          </div>
          <div>
            <strong>{t("hours.theirs")}</strong>
            <WeekPicture name={name} rules={theirs} />
            <Button fullWidth h={48} mt="xs" variant="default" onClick={keepTheirs}>
              {t("hours.keepTheirs")}
            </Button>
          </div>
        </div>
        <Button variant="subtle" h={48} onClick={close}>
          {t("hours.keepOpen")}
        </Button>
      </Stack>
    </Dialog>
  );
}
