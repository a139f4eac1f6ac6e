import type { HistoryEntry, Override, Target } from "../api/client";

/** An override is made in the same moment as the revision that asks for it; clocks of two machines may differ a little. */
const slack = 5_000;

/** Who gave each override, by its id, where the history tells. */
export function authorsOf(overrides: readonly Override[], history: readonly HistoryEntry[]): Map<string, string> {
  const authors = new Map<string, string>();
  for (const override of overrides) {
    const at = Date.parse(override.at);
    const subject = subjectOf(override.for);
    const entry = history.find(
      ({ change, at: then }) => change.code === override.mode && change.subject === subject && Math.abs(Date.parse(then) - at) <= slack,
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
  const [kind, id] = [subject.slice(0, subject.indexOf(":")), subject.slice(subject.indexOf(":") + 1)];
  if (kind === "person") return { person: id };
  return kind === "device" ? { device: id } : null;
}
