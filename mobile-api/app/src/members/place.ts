import type { Role } from "../api/client";
import { type Context, targetName } from "../home/sentence";

/** What somebody may do in a home, and for a child which person of the policy they are. */
export type Place = { role: Role; person: string };

/** "Adult", or "Child: Léo". */
export function placeWords({ role, person }: Place, words: Pick<Context, "t" | "policy">): string {
  if (role === "child" && person) return words.t("members.childOf", { name: targetName({ person }, words) });
  return words.t(`members.${role}`);
}

/** What the server is told of a place: nobody but a child is a person of the policy. */
export const placed = ({ role, person }: Place) => (role === "child" ? { role, person } : { role });
