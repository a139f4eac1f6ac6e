import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceRow } from "../api/client";
import { Face } from "../parts/Face";
import { kindGuessed, KindIcon } from "../parts/KindIcon";
import { useHome } from "../shell/HomeContext";
import classes from "./HomeScreen.module.css";
import { say } from "./sentence";

const NameDevice = lazy(() => import("./NameDevice"));
const few = 3;

export type Naming = { row: DeviceRow; owner: string | null };

/** "Whose is it?" with faces: a tap on one opens the sheet with the rest already filled in. */
export function Unnamed({ rows }: { rows: DeviceRow[] }) {
  const { t } = useTranslation();
  const { state, words, locked } = useHome();
  const [all, setAll] = useState(false);
  const [naming, setNaming] = useState<Naming | null>(null);
  const people = state.policy.people ?? [];
  const choice = { variant: "default", h: 48, px: "sm", disabled: locked !== null, title: locked ?? undefined } as const;
  return (
    <section aria-labelledby="whose">
      <div className={classes.section}>
        <h2 id="whose" className={classes.heading}>
          {t("home.whose")}
        </h2>
      </div>
      <div className={classes.card}>
        {(all ? rows : rows.slice(0, few)).map((row) => (
          <div key={row.mac} className={classes.block}>
            <div className={classes.row}>
              <span className={classes.glyph}>
                <KindIcon kind={kindGuessed(row.hostname)} />
              </span>
              <div className={classes.grow}>
                <div className={classes.strong}>{row.hostname || t("name.device", { mac: row.mac.slice(-5) })}</div>
                <div className={classes.small}>{say(row.inForce?.verdict ?? row.asked, words).text}</div>
              </div>
            </div>
            <div className={classes.faces}>
              {people.map((person) => (
                <Button key={person.id} {...choice} onClick={() => setNaming({ row, owner: person.id })}>
                  <Face id={person.id} name={person.name} size={28} />
                  &nbsp;{person.name}
                </Button>
              ))}
              <Button {...choice} onClick={() => setNaming({ row, owner: "" })}>
                {t("home.nobodys")}
              </Button>
              <Button {...choice} variant="subtle" onClick={() => setNaming({ row, owner: null })}>
                {t("name.newPerson")}
              </Button>
            </div>
          </div>
        ))}
        {rows.length > few && (
          <Button variant="subtle" h={44} fullWidth onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? t("home.fewer") : t("home.more", { count: rows.length - few })}
          </Button>
        )}
      </div>
      <Suspense>{naming && <NameDevice naming={naming} close={() => setNaming(null)} />}</Suspense>
    </section>
  );
}
