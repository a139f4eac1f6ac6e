import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Kin, Role, SupportSession } from "../api/client";
import { type Place, placed } from "../members/place";
import { RoleField } from "../members/RoleField";
import { useHome } from "../shell/HomeContext";
import { Propose } from "./Propose";

type Props = { session: SupportSession; close: () => void };

const isWhole = ({ role, person }: Place) => role !== "child" || person !== "";

/** Another role for a member, as a proposal. */
export function ProposeRole({ member, session, close }: Props & { member: Kin }) {
  const { t } = useTranslation("support");
  const first = useHome().state.policy.people?.[0]?.id ?? "";
  const [place, setPlace] = useState<Place>({ role: member.role, person: member.person || first });
  const same = place.role === member.role && (place.role !== "child" || place.person === member.person);
  const change = { operation: "put", list: "members", id: member.id, value: placed(place) } as const;
  return (
    <Propose session={session} title={t("roleFor", { name: member.name })} change={isWhole(place) && !same ? change : null} owners close={close}>
      <RoleField roles={["owner", "adult", "child"]} place={place} pick={setPlace} />
    </Propose>
  );
}

/** The end of a membership, as a proposal. */
export function ProposeRemoval({ member, session, close }: Props & { member: Kin }) {
  const { t } = useTranslation("support");
  const change = { operation: "remove", list: "members", id: member.id } as const;
  const owners = member.id !== session.customer.id; // anybody may go by themselves
  return (
    <Propose session={session} title={t("removalOf", { name: member.name })} change={change} owners={owners} close={close}>
      <Text>{t("removalText")}</Text>
    </Propose>
  );
}

const invited: Role[] = ["adult", "child", "owner"];

/** An invitation, as a proposal: whoever confirms it is shown the code. */
export function ProposeInvitation({ session, close }: Props) {
  const { t } = useTranslation("support");
  const first = useHome().state.policy.people?.[0]?.id ?? "";
  const [place, setPlace] = useState<Place>({ role: "adult", person: first });
  const change = { operation: "invite", value: placed(place) } as const;
  return (
    <Propose session={session} title={t("invitation")} change={isWhole(place) ? change : null} owners={place.role === "owner"} close={close}>
      <RoleField roles={invited} place={place} pick={setPlace} />
      <Text>{t("invitationText")}</Text>
    </Propose>
  );
}
