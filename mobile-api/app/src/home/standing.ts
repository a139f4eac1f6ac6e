import type { DeviceRow, HomeState, Target, Verdict } from "../api/client";

/** One card: a person with their devices, or what belongs to the whole home. */
export type Group = { id: string; name: string; target: Target; rows: DeviceRow[] };

export function groupsOf(state: HomeState): Group[] {
  return (state.policy.people ?? []).map((person) => ({
    id: person.id,
    name: person.name,
    target: { person: person.id },
    rows: state.devices.filter((row) => row.id !== null && row.person === person.id),
  }));
}

/** What a child sees of the home; null where nobody there is this child any more. */
export function ownOf(state: HomeState, person: string | undefined): Group | null {
  return groupsOf(state).find(({ id }) => id === person) ?? null;
}

export function sharedOf(state: HomeState): DeviceRow[] {
  return state.devices.filter((row) => row.id !== null && !row.person);
}

export function unnamedOf(state: HomeState): DeviceRow[] {
  return state.devices.filter((row) => row.id === null);
}

export type Standing = {
  /** What holds, as the box has said; as asked only where the box has said nothing yet. */
  shown: Verdict;
  /** What is asked, where that is something else or the box has not said anything. */
  wish: Verdict | null;
  /** The box holds what is shown for true, and its kernel was not seen to agree yet. */
  unproved: boolean;
};

/**
 * What holds for a device, and what is asked of the box beside it. A box that has proved the asked revision keeps to its
 * hours by itself: then the asked verdict of this minute is what holds, even if its last word is from before an edge.
 */
export function standingOf(row: DeviceRow, state: HomeState): Standing {
  if (!row.inForce) return { shown: row.asked, wish: row.asked, unproved: false };
  const { verdict, proved } = row.inForce;
  if (state.delivery === "in-force") return { shown: row.asked, wish: null, unproved: !proved };
  return { shown: verdict, wish: same(verdict, row.asked) ? null : row.asked, unproved: !proved };
}

/**
 * Since when it holds what somebody waits for, who saw it asked at a revision; null until the box has proved the revision that
 * is asked now: the time of a former one says nothing about it.
 */
export function provedSince(standing: Standing, state: HomeState, awaited: number | null): string | null {
  if (awaited === null || standing.wish || standing.unproved || state.delivery !== "in-force") return null;
  return state.inForce && state.inForce.revision >= awaited ? state.inForce.at : null;
}

export function same(a: Verdict, b: Verdict): boolean {
  return a.online === b.online && a.reason.kind === b.reason.kind && a.reason.id === b.reason.id && a.until === b.until;
}

/** What a reader would call the same: the devices of a person are one sentence unless they differ in it. */
function alike(a: Verdict, b: Verdict): boolean {
  const end = (v: Verdict) => (v.reason.kind === "allowed" ? v.changes : v.until);
  return a.online === b.online && a.reason.kind === b.reason.kind && a.reason.id === b.reason.id && end(a) === end(b);
}

export type Summary = { main: Standing; rest: { row: DeviceRow; standing: Standing }[] };

/** The state that most devices of a group share, and those that differ; null without devices. */
export function summarise(rows: DeviceRow[], state: HomeState): Summary | null {
  const all = rows.map((row) => ({ row, standing: standingOf(row, state) }));
  const first = all[0];
  if (!first) return null;
  const votes = (s: Standing) => all.filter((other) => alike(other.standing.shown, s.shown)).length;
  const main = all.reduce((best, one) => (votes(one.standing) > votes(best.standing) ? one : best), first).standing;
  return { main, rest: all.filter(({ standing }) => !alike(standing.shown, main.shown)) };
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.device === b.device && a.person === b.person && Boolean(a.home) === Boolean(b.home);
}
