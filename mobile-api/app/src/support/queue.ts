import type { Desk, QueueRow } from "../api/client";

/** What an agent takes: empty lists take whatever comes. */
export type Taking = { languages: string[]; skills: string[] };

/** The rows that somebody wants to see: what they take, what is theirs, what is offered to them, and the one that is open. */
export function wanted(rows: readonly QueueRow[], { languages, skills }: Taking, me: string, open: string): QueueRow[] {
  const fits = (list: string[], word: string) => list.length === 0 || list.includes(word);
  return rows.filter(
    ({ id, language, skill, agent, offer }) =>
      id === open || agent?.id === me || offer?.to.id === me || (fits(languages, language) && fits(skills, skill)),
  );
}

/** The case that so many rows away is; at the ends one stays. */
export function neighbour(rows: readonly QueueRow[], open: string, step: 1 | -1): string {
  const at = rows.findIndex(({ id }) => id === open);
  if (at < 0) return rows[0]?.id ?? "";
  return rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.id ?? "";
}

/** Tabs: the cases that an agent has, oldest first. */
export function tabsOf(rows: readonly QueueRow[], me: string): QueueRow[] {
  return rows.filter(({ state, agent }) => state === "taken" && agent?.id === me).sort((a, b) => a.at.localeCompare(b.at));
}

/** Who else reads a case, and who of them writes. */
export function readersOf(desks: readonly Desk[], id: string, me: string): { reads: string[]; writes: string[] } {
  const others = desks.filter((desk) => desk.case === id && desk.id !== me);
  return { reads: others.map(({ name }) => name), writes: others.filter(({ typing }) => typing).map(({ name }) => name) };
}

/** A customer has written, or asked, and nobody has answered. */
export function isUnread({ state, lastFrom }: QueueRow): boolean {
  return lastFrom === "customer" || (state === "waiting" && lastFrom !== "staff");
}
