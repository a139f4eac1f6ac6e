import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { auditQuery, membersQuery } from "../api/query";
import { Section } from "../person/Section";
import section from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { clock, dateOf, dateWords } from "../time/words";
import { lineWords, rightWords } from "./line";
import { PastVisits } from "./PastVisits";

/** Who did what for the home, of those who work for the operator: the customer's own copy of the account. */
export function AuditSection() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Section title={t("audit.title")} hint={t("audit.lead")}>
      {open ? (
        <>
          <PastVisits />
          <Lines />
        </>
      ) : (
        <Button variant="default" h={48} onClick={() => setOpen(true)}>
          {t("audit.open")}
        </Button>
      )}
    </Section>
  );
}

function Lines() {
  const { t } = useTranslation();
  const { id, words } = useHome();
  const { data, isError, hasNextPage, fetchNextPage, isFetchingNextPage, isFetchNextPageError, refetch } = useInfiniteQuery(auditQuery(id));
  const { data: family = [] } = useQuery(membersQuery(id));
  const lines = data?.pages.flat() ?? [];
  if (isError && lines.length === 0) {
    return (
      <Button variant="default" onClick={() => void refetch()}>
        {t("app.again")}
      </Button>
    );
  }
  if (!data) return <p>{t("app.loading")}</p>;
  if (lines.length === 0) return <p>{t("audit.empty")}</p>;
  const when = (at: string) => `${dateWords(dateOf(new Date(at), words.reader.zone), words.reader, "short")}, ${clock(new Date(at), words.reader)}`;
  return (
    <>
      <ol className={section.lines}>
        {lines.map((line) => (
          <li key={line.seq}>
            <span>
              {lineWords(line, words, family)}
              <small style={{ display: "block" }}>{[when(line.at), rightWords(line, family, t)].filter(Boolean).join(" · ")}</small>
            </span>
          </li>
        ))}
      </ol>
      {isFetchNextPageError && <p role="alert">{t("change.unreachable")}</p>}
      {hasNextPage && (
        <Button variant="default" h={48} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("activity.more")}
        </Button>
      )}
    </>
  );
}
