import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type HomeState, type SupportProposal, type SupportSession } from "../api/client";
import { proposalsQuery, supportQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { useChanges } from "../change/ChangeContext";
import { Differences } from "../change/Differences";
import { whyNot } from "../change/failure";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import classes from "./Visit.module.css";
import { nameOf } from "./visit";

/** Changes that wait for the customer's own tap. */
export function Proposals({ visit }: { visit: SupportSession }) {
  const { id } = useHome();
  const { data } = useQuery(proposalsQuery(id, visit.id));
  return (data ?? []).filter(({ state }) => state === "open").map((proposal) => <Proposal key={proposal.id} proposal={proposal} visit={visit} />);
}

function Proposal({ proposal, visit }: { proposal: SupportProposal; visit: SupportSession }) {
  const { t } = useTranslation();
  const { id: home, locked } = useHome();
  const { propose, busy } = useChanges();
  const client = useQueryClient();
  const [wrong, setWrong] = useState("");
  const name = nameOf(visit.staff.name, t);
  const lead = t("consent.waitingYou", { name });
  useEffect(() => announce(lead), [lead]); // once, when it comes

  const params = { path: { home, session: visit.id, proposal: proposal.id } };
  const act = async (call: () => Promise<unknown>) => {
    setWrong("");
    try {
      await call();
    } catch (error) {
      const stale = error instanceof Refusal && error.status === 412;
      setWrong(stale ? t("consent.stale", { name }) : whyNot(error as Error, t));
    }
    await client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
  };
  const label = t("consent.prepared", { name });
  const approve = () => {
    const send = async () => {
      const made = await answer(api.POST("/homes/{home}/support/{session}/proposals/{proposal}/approve", { params, body: { hash: proposal.hash } }));
      return made as HomeState; // of the policy
    };
    void act(() => propose({ label: t("consent.confirmed", { name }), send }));
  };
  const decline = () => void act(() => answer(api.POST("/homes/{home}/support/{session}/proposals/{proposal}/decline", { params })));
  const off = { disabled: locked !== null || busy, title: locked ?? undefined };
  return (
    <section className={classes.proposal} aria-label={label}>
      <p>{lead}</p>
      <Differences list={proposal.differences} />
      {wrong && <p role="alert">{wrong}</p>}
      <div className={classes.equal}>
        <Button {...off} variant="default" onClick={approve}>
          {t("consent.approve")}
        </Button>
        <Button {...off} variant="default" onClick={decline}>
          {t("consent.decline")}
        </Button>
      </div>
    </section>
  );
}
