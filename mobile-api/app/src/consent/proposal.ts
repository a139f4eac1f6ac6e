import type { AuditLine, SupportProposal } from "../api/client";

/** Changes of who belongs to the home: no revision of the policy, so nothing that is undone. */
const ofMembers = ["member", "member-removed", "invitation"] as const;

type MemberChange = (typeof ofMembers)[number];

/** Which change of who belongs to the home a code stands for; null for none. */
export const memberChange = (code: unknown): MemberChange | null => ofMembers.find((known) => known === code) ?? null;

/** Whether a line of the account is such a change. */
export const isOfMembers = ({ verb, detail }: AuditLine) => verb === "change" && memberChange(detail?.code) !== null;

type Asked = Pick<SupportProposal, "change" | "differences">;

/** Whether only an owner may make it: a role, a place that is not one's own, another owner. */
export function needsOwner({ change, differences }: Asked, me: string): boolean {
  switch (memberChange(change.code)) {
    case "member":
      return true;
    case "member-removed":
      return change.subject !== me;
    case "invitation":
      return roleOf(differences[0]?.after) === "owner";
    case null:
      return false;
  }
}

const roleOf = (place: unknown) => (typeof place === "object" && place !== null && "role" in place ? place.role : "");

/** What it means, beside what it changes: for who removes somebody, goes themselves, or is an owner no more. */
export function consequence({ change, differences }: Asked, me: string): "members.giveUp" | "members.removeText" | "consent.leaves" | null {
  const own = change.subject === me;
  const [difference] = differences;
  if (change.code === "member-removed") return own ? "consent.leaves" : "members.removeText";
  const gives = change.code === "member" && own && roleOf(difference?.before) === "owner" && roleOf(difference?.after) !== "owner";
  return gives ? "members.giveUp" : null;
}
