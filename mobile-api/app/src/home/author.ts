import type { HistoryEntry, Override, Target } from "../api/client";

/** An override is made in the same moment as the revision that asks for it; clocks of two machines may differ a little. */
const slack = 5_000;

/** Who gave each override, by its id: the newest decision of its kind and target, where the history (newest first) tells. */
export function authorsOf(overrides: readonly Override[], history: readonly HistoryEntry[]): Map<string, string> {
  const authors = new Map<string, string>();
  for (const override of overrides) {
    const subject = subjectOf(override.for);
    // A pause begins when it is asked; a bonus that waits for the next cut begins later.
    const latest = Date.parse(override.at) + slack;
    const entry = history.find(
      ({ change, at }) => change.code === override.mode && change.subject === subject && Date.parse(at) <= latest,
    );
    if (entry?.actor.name) authors.set(override.id, entry.actor.name);
  }
  return authors;
}

/** A target as the history writes it. */
export function subjectOf(target: Target): string {
  if (target.home) return "home";
  return target.person ? `person:${target.person}` : `device:${target.device ?? ""}`;
}

export function targetOf(subject: string): Target | null {
  if (subject === "home") return { home: true };
  const colon = subject.indexOf(":");
  const [kind, id] = [subject.slice(0, colon), subject.slice(colon + 1)];
  if (kind === "person") return { person: id };
  return kind === "device" ? { device: id } : null;
}
