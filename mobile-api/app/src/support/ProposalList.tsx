import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SupportProposal } from "../api/client";
import { Differences } from "../change/Differences";
import { useNow } from "../shell/useNow";
import { ownProposalsQuery } from "./query";
import classes from "./Session.module.css";
import { leftWords } from "./session";

const most = 10;

/** What was put before the customer in a session, as they see it, and what they said. */
export function ProposalList({ session }: { session: string }) {
  const { t } = useTranslation("support");
  const { data = [], dataUpdatedAt } = useQuery(ownProposalsQuery(session));
  if (data.length === 0) return null;
  return (
    <>
      <h4>{t("proposed")}</h4>
      <ul className={classes.proposals} aria-label={t("proposed")}>
        {data.slice(0, most).map((proposal) => (
          <Line key={proposal.id} proposal={proposal} heard={dataUpdatedAt} />
        ))}
      </ul>
    </>
  );
}

function Line({ proposal, heard }: { proposal: SupportProposal; heard: number }) {
  const { t } = useTranslation("support");
  const now = useNow(1_000);
  const { left, differences } = proposal;
  const waits = Math.max(0, left - Math.floor((now.getTime() - heard) / 1000));
  const state = proposal.state === "open" && waits === 0 ? "expired" : proposal.state;
  return (
    <li data-state={state}>
      <strong role="status">{t(`proposal_${state}`)}</strong>
      {state === "open" && <span> {t("left", { time: leftWords(waits) })}</span>}
      <Differences list={differences} done={state === "approved"} />
    </li>
  );
}
