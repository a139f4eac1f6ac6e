import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SupportSession } from "../api/client";
import { MomentButtons } from "../home/MomentButtons";
import { type Group, groupsOf, summarise } from "../home/standing";
import { ownSchedules } from "../hours/target";
import { Face } from "../parts/Face";
import { StateLine } from "../parts/StateLine";
import { useHome } from "../shell/HomeContext";
import { Waiting } from "../shell/Waiting";
import { Belonging } from "./Belonging";
import classes from "./Session.module.css";

const Editor = lazy(async () => ({ default: (await import("../hours/Editor")).Editor }));

/** The people of the home: how they stand, the moment, their hours; and who belongs to it. */
export function PeopleTab({ session }: { session: SupportSession }) {
  const { t } = useTranslation("support");
  const { state } = useHome();
  const groups = groupsOf(state);
  return (
    <div className={classes.people}>
      {groups.length === 0 && <p>{t("noPeople")}</p>}
      {groups.map((group) => (
        <One key={group.id} group={group} />
      ))}
      <Belonging session={session} />
    </div>
  );
}

function One({ group }: { group: Group }) {
  const { t } = useTranslation("support");
  const { state, locked } = useHome();
  const [opened, setOpened] = useState(false);
  const [changing, setChanging] = useState<string | null>(null); // the week that was begun with
  const summary = summarise(group.rows, state);
  const theirs = JSON.stringify(ownSchedules(state.policy, group.target));
  return (
    <article className={classes.person} aria-label={group.name}>
      <h3>
        <Face id={group.id} name={group.name} size={36} />
        {group.name}
      </h3>
      {summary && <StateLine standing={summary.main} />}
      {summary && <MomentButtons target={group.target} name={group.name} rows={group.rows} />}
      {opened ? (
        <Suspense fallback={<Waiting />}>
          <Editor
            key={changing ?? theirs}
            target={group.target}
            name={group.name}
            leave={() => setOpened(false)}
            changing={(yes) => setChanging(yes ? (changing ?? theirs) : null)}
          />
        </Suspense>
      ) : (
        <Button variant="default" disabled={locked !== null} title={locked ?? undefined} onClick={() => setOpened(true)}>
          {t("hours")}
        </Button>
      )}
    </article>
  );
}
