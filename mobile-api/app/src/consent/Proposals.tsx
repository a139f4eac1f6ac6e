import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { SupportProposal, SupportSession } from "../api/client";
import { proposalsQuery } from "../api/query";
import { Differences } from "../change/Differences";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { consequence, needsOwner } from "./proposal";
import { type Made, useProposal } from "./useProposal";
import classes from "./Visit.module.css";
import { nameOf } from "./visit";

type Props = { visit: SupportSession; invited: (made: Made) => void };

/** Changes that wait for the customer's own tap. */
export function Proposals({ visit, invited }: Props) {
  const { id } = useHome();
  const { data } = useQuery(proposalsQuery(id, visit.id));
  const open = (data ?? []).filter(({ state }) => state === "open");
  return open.map((proposal) => <Proposal key={proposal.id} proposal={proposal} visit={visit} invited={invited} />);
}

function Proposal({ proposal, visit, invited }: Props & { proposal: SupportProposal }) {
  const { t } = useTranslation();
  const { locked, me, membership } = useHome();
  const { approve, decline, busy, wrong } = useProposal(proposal, visit, invited);
  const name = nameOf(visit.staff.name, t);
  const may = membership.role === "owner" || !needsOwner(proposal, me.member.id);
  const lead = t(may ? "consent.waitingYou" : "consent.waitingOwner", { name });
  useEffect(() => announce(lead), [lead]); // once, when it comes
  const means = consequence(proposal, me.member.id);
  const off = { disabled: locked !== null || busy, title: locked ?? undefined };
  return (
    <section className={classes.proposal} aria-label={t("consent.prepared", { name })}>
      <p>{lead}</p>
      <Differences list={proposal.differences} />
      {may && means && <p>{t(means)}</p>}
      {!may && <p>{t("consent.ownerConfirms")}</p>}
      {wrong && <p role="alert">{wrong}</p>}
      <div className={classes.equal}>
        {may && (
          <Button {...off} variant="default" onClick={approve}>
            {t("consent.approve")}
          </Button>
        )}
        <Button {...off} variant="default" onClick={decline}>
          {t("consent.decline")}
        </Button>
      </div>
    </section>
  );
}
