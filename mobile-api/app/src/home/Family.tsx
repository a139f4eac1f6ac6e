import { Button } from "@mantine/core";
import { IconPlayerPause, IconUserPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { GroupCard } from "./GroupCard";
import classes from "./HomeScreen.module.css";
import { groupsOf } from "./standing";

const AddPerson = lazy(() => import("./AddPerson"));
const PauseAll = lazy(() => import("./PauseAll"));

/** The people of the home, a card each. */
export function Family({ waiting }: { waiting: number }) {
  const { t } = useTranslation();
  const { state, locked } = useHome();
  const [sheet, setSheet] = useState<"add" | "pause" | null>(null);
  const groups = groupsOf(state);
  const close = () => setSheet(null);
  const add = (
    <Button
      variant={groups.length > 0 ? "subtle" : "filled"}
      h={44}
      leftSection={<IconUserPlus size={20} aria-hidden />}
      disabled={locked !== null}
      title={locked ?? undefined}
      onClick={() => setSheet("add")}
    >
      {t("home.addPerson")}
    </Button>
  );
  return (
    <section aria-labelledby="people" data-anchor="people">
      <div className={classes.section}>
        <h2 id="people" className={classes.heading}>
          {t("home.people")}
        </h2>
        {groups.length > 0 && (
          <Button
            variant="subtle"
            h={44}
            px="xs"
            leftSection={<IconPlayerPause size={18} aria-hidden />}
            disabled={locked !== null}
            title={locked ?? undefined}
            onClick={() => setSheet("pause")}
          >
            {t("act.pauseAll")}
          </Button>
        )}
      </div>
      {locked && <p className={classes.small}>{locked}</p>}
      {groups.length === 0 ? (
        <div className={classes.empty}>
          <strong>{t("home.empty")}</strong>
          <p>{t("home.emptyText", { count: waiting })}</p>
          {add}
        </div>
      ) : (
        <div className={classes.cards}>
          {groups.map((group) => (
            <GroupCard key={group.id} group={group} />
          ))}
          {add}
        </div>
      )}
      <Suspense>
        {sheet === "add" && <AddPerson close={close} />}
        {sheet === "pause" && <PauseAll close={close} />}
      </Suspense>
    </section>
  );
}
