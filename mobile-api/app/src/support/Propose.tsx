import { Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type ProposedChange, type SupportSession } from "../api/client";
import { homeQuery, membersQuery } from "../api/query";
import { useHome } from "../shell/HomeContext";
import { noProposalWords } from "./proposing";
import { ownProposalsQuery } from "./query";
import { Sheet } from "./Sheet";

type Props = {
  session: SupportSession;
  title: string;
  /** What would be done; null while it is not chosen yet. */
  change: Omit<ProposedChange, "revision"> | null;
  /** Whether only an owner may confirm it. */
  owners: boolean;
  close: () => void;
  children: ReactNode;
};

/** A change of who belongs to the home, put before the customer: nothing is changed by it. */
export function Propose({ session, title, change, owners, close, children }: Props) {
  const { t } = useTranslation("support");
  const { id: home, state } = useHome();
  const client = useQueryClient();
  const { data: members } = useQuery(membersQuery(home));
  const { id, customer } = session;
  const role = members?.find((member) => member.id === customer.id)?.role;
  const look = (keys: (readonly unknown[])[]) => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
  const send = async () => {
    const body = { ...change, revision: state.asked.revision } as ProposedChange;
    try {
      await answer(api.POST("/staff/sessions/{session}/proposals", { params: { path: { session: id } }, body }));
    } catch (error) {
      await look([homeQuery(home).queryKey, membersQuery(home).queryKey]); // it may be otherwise by now
      throw error;
    }
  };
  const after = () => look([ownProposalsQuery(id).queryKey]).then(() => undefined);
  const why = (error: Error) => noProposalWords(error, t);
  return (
    <Sheet title={title} act={t("propose")} ready={change !== null} send={send} close={close} after={after} why={why}>
      {children}
      {owners && role !== undefined && role !== "owner" && <Text fw={600}>{t("ownerConfirms", { name: customer.name })}</Text>}
      <Text size="sm">{t("proposeHint")}</Text>
    </Sheet>
  );
}
