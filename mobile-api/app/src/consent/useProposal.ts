import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type HomeState, type SupportProposal, type SupportSession } from "../api/client";
import { invitationsQuery, membersQuery, meQuery, supportQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { useChanges } from "../change/ChangeContext";
import { whyNot } from "../change/failure";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { memberChange } from "./proposal";
import { nameOf } from "./visit";

/** A way in that was made just now: good once, and told only here. */
export type Made = { url: string; expires: string };

type Answering = { approve: () => void; decline: () => void; busy: boolean; wrong: string };

/** The customer's answer to a proposal, and why it could not be given. */
export function useProposal(proposal: SupportProposal, visit: SupportSession, invited: (made: Made) => void): Answering {
  const { t } = useTranslation();
  const { id: home } = useHome();
  const { propose, busy: changing } = useChanges();
  const client = useQueryClient();
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const name = nameOf(visit.staff.name, t);
  const ofMembers = memberChange(proposal.change.code) !== null;
  const path = { home, session: visit.id, proposal: proposal.id };

  const why = (error: Error) => {
    if (!(error instanceof Refusal)) return whyNot(error, t);
    if (error.status === 412) return t("consent.stale", { name });
    return ofMembers && error.code === "proposal" ? t("consent.staleMember", { name }) : whyNot(error, t);
  };
  const act = async (call: () => Promise<unknown>) => {
    setWrong("");
    setBusy(true);
    try {
      await call();
    } catch (error) {
      setWrong(why(error as Error));
    }
    const touched = ofMembers ? [membersQuery(home).queryKey, invitationsQuery(home).queryKey, meQuery.queryKey] : [];
    await Promise.all([supportQuery(home).queryKey, ...touched].map((queryKey) => client.invalidateQueries({ queryKey })));
    setBusy(false);
  };

  const label = t("consent.confirmed", { name });
  const body = { hash: proposal.hash };
  const send = () => answer(api.POST("/homes/{home}/support/{session}/proposals/{proposal}/approve", { params: { path }, body }));
  const confirm = async () => {
    const made = await send();
    if (made && "invitation" in made) invited({ url: made.url, expires: made.invitation.expires });
    announce(label);
  };
  const change = () => propose({ label, send: () => send() as Promise<HomeState> }); // a change of the policy answers with the home
  return {
    busy: busy || changing,
    wrong,
    approve: () => void act(ofMembers ? confirm : change),
    decline: () => void act(() => answer(api.POST("/homes/{home}/support/{session}/proposals/{proposal}/decline", { params: { path } }))),
  };
}
