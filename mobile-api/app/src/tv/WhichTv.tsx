import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Naming } from "../home/naming";
import { KindIcon, kindGuessed } from "../parts/KindIcon";
import { Section } from "../person/Section";
import lines from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { candidatesOf } from "./who";

const NameDevice = lazy(() => import("../home/NameDevice"));

/** No TV is known: which of the unnamed devices is it? */
export function WhichTv() {
  const { t } = useTranslation();
  const { state, locked } = useHome();
  const [naming, setNaming] = useState<Naming | null>(null);
  const rows = candidatesOf(state);
  return (
    <Section title={t("tv.whichTitle")} hint={rows.length > 0 ? t("tv.whichText") : t("tv.whichNone")}>
      <ul className={lines.lines}>
        {rows.map((row) => {
          const name = row.hostname || t("name.device", { mac: row.mac.slice(-5) });
          return (
            <li key={row.mac}>
              <KindIcon kind={kindGuessed(row.hostname)} size={26} />
              <div style={{ flex: 1 }}>
                <strong>{name}</strong>
                <small>{t(row.present ? "state.here" : "state.away")}</small>
              </div>
              <Button
                variant="default"
                h={44}
                disabled={locked !== null}
                title={locked ?? undefined}
                aria-label={`${t("tv.isTV")}: ${name}`}
                onClick={() => setNaming({ row, owner: "" })}
              >
                {t("tv.isTV")}
              </Button>
            </li>
          );
        })}
      </ul>
      <Suspense>{naming && <NameDevice naming={naming} close={() => setNaming(null)} />}</Suspense>
    </Section>
  );
}
