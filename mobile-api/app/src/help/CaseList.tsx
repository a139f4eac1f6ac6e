import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Case } from "../api/client";
import { casesQuery } from "../api/query";
import ways from "../parts/Ways.module.css";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { Waiting } from "../shell/Waiting";
import classes from "./Help.module.css";
import { isFresh, useSeen } from "./seen";
import { stateWords } from "./words";

const earlier = 10;

/** One's own requests: the open ones with what comes next, and those before. */
export function CaseList() {
  const { t } = useTranslation();
  const { id } = useHome();
  const { data: cases, isError, refetch } = useQuery(casesQuery(id));
  if (!cases) {
    return (
      <Section title={t("help.mine")}>
        {isError ? (
          <Button variant="default" onClick={() => void refetch()}>
            {t("app.again")}
          </Button>
        ) : (
          <Waiting />
        )}
      </Section>
    );
  }
  const open = cases.filter(({ state }) => state !== "closed");
  const closed = cases.filter(({ state }) => state === "closed").slice(0, earlier);
  return (
    <>
      <Section title={t("help.mine")}>
        {open.length === 0 ? <p className={classes.quiet}>{t("help.none")}</p> : <Lines cases={open} />}
      </Section>
      {closed.length > 0 && (
        <Section title={t("help.earlier")}>
          <Lines cases={closed} />
        </Section>
      )}
    </>
  );
}

function Lines({ cases }: { cases: Case[] }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const seen = useSeen();
  return (
    <ul className={ways.list}>
      {cases.map((one) => (
        <li key={one.id}>
          <Link to="/help/case/$case" params={{ case: one.id }} className={ways.way}>
            <span>
              {one.summary || one.findings.findLast(({ result }) => result === undefined)?.question || one.text || t("help.bare")}
              <small>
                {stateWords(one, words)}
                {isFresh(one, seen) && <strong className={classes.fresh}>{t("help.fresh")}</strong>}
              </small>
            </span>
            <IconChevronRight size={22} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}
