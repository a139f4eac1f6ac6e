import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Kin, SupportSession } from "../api/client";
import { membersQuery } from "../api/query";
import { placeWords } from "../members/place";
import { useHome } from "../shell/HomeContext";
import { Waiting } from "../shell/Waiting";
import { ProposalList } from "./ProposalList";
import { ProposeInvitation, ProposeRemoval, ProposeRole } from "./ProposePlace";
import classes from "./Session.module.css";

const beat = 15_000;

type Asking = { what: "role" | "removal"; member: Kin } | { what: "invitation" };

/** Who belongs to the home. An agent changes nothing of it: they propose, and only the customer's own tap makes it. */
export function Belonging({ session }: { session: SupportSession }) {
  const { t } = useTranslation("support");
  const { id, line } = useHome();
  const { data, isError, refetch } = useQuery({ ...membersQuery(id), refetchInterval: beat });
  const [asking, setAsking] = useState<Asking | null>(null);
  const off = line === "away" || !data;
  return (
    <section className={classes.person} aria-label={t("belong")}>
      <h3>{t("belong")}</h3>
      <p className={classes.hint}>{t("belongHint")}</p>
      {data ? (
        <ul className={classes.members}>
          {data.map((member) => (
            <Member key={member.id} member={member} customer={member.id === session.customer.id} off={off} ask={setAsking} />
          ))}
        </ul>
      ) : isError ? (
        <Button variant="default" onClick={() => void refetch()}>
          {t("again")}
        </Button>
      ) : (
        <Waiting />
      )}
      <div>
        <Button variant="default" disabled={off} onClick={() => setAsking({ what: "invitation" })}>
          {t("inviteSomeone")}
        </Button>
      </div>
      <ProposalList session={session.id} />
      {asking && <Asked asking={asking} session={session} close={() => setAsking(null)} />}
    </section>
  );
}

function Asked({ asking, session, close }: { asking: Asking; session: SupportSession; close: () => void }) {
  if (asking.what === "invitation") return <ProposeInvitation session={session} close={close} />;
  const Dialog = asking.what === "role" ? ProposeRole : ProposeRemoval;
  return <Dialog member={asking.member} session={session} close={close} />;
}

type Props = { member: Kin; customer: boolean; off: boolean; ask: (asking: Asking) => void };

function Member({ member, customer, off, ask }: Props) {
  const { t } = useTranslation("support");
  const { words } = useHome();
  return (
    <li>
      <span>
        <strong>{member.name}</strong>
        {customer && ` · ${t("theCustomer")}`} <small>{placeWords(member, words)}</small>
      </span>
      <Button size="sm" variant="default" disabled={off} onClick={() => ask({ what: "role", member })}>
        {t("otherRole")}
        <span className="unseen">, {member.name}</span>
      </Button>
      <Button size="sm" variant="default" disabled={off} onClick={() => ask({ what: "removal", member })}>
        {t("endPlace")}
        <span className="unseen">, {member.name}</span>
      </Button>
    </li>
  );
}
