import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SupportSession } from "../api/client";
import { supportQuery } from "../api/query";
import section from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { isOver, nameOf } from "./visit";

const Closing = lazy(() => import("./Closing"));

/** The visits that are over, newest first: what was seen and done in each can be read again, and undone. */
export function PastVisits() {
  const { t } = useTranslation();
  const { id, words } = useHome();
  const { data } = useQuery(supportQuery(id));
  const [opened, setOpened] = useState<SupportSession | null>(null);
  const past = (data ?? []).filter(isOver);
  if (past.length === 0) return null;
  return (
    <>
      <ul className={section.lines} aria-label={t("audit.visits")}>
        {past.map((visit) => {
          const name = nameOf(visit.staff.name, t);
          const time = moment(new Date(visit.started ?? visit.asked), words.now, words.reader);
          return (
            <li key={visit.id}>
              <div>
                <strong>{t("audit.visitOf", { name })}</strong>
                <small>{time}</small>
              </div>
              <Button variant="default" h={44} aria-label={`${t("audit.read")}: ${t("audit.visitOf", { name })}, ${time}`} onClick={() => setOpened(visit)}>
                {t("audit.read")}
              </Button>
            </li>
          );
        })}
      </ul>
      {opened && (
        <Suspense>
          <Closing visit={opened} past close={() => setOpened(null)} />
        </Suspense>
      )}
    </>
  );
}
