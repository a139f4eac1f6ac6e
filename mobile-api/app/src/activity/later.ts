import type { HistoryEntry } from "../api/client";

const lists: Record<string, string> = {
  person: "people", device: "devices", schedule: "schedules", exception: "exceptions", budget: "budgets", reservation: "reservations",
};

/** The newest decision that changed one of some parts, such as budgets/daily; none where it cannot be told. */
export function laterOn(parts: readonly string[], entries: readonly HistoryEntry[]): HistoryEntry | undefined {
  return entries.filter((entry) => parts.includes(partOf(entry))).sort((a, b) => b.revision - a.revision)[0];
}

function partOf({ change: { code, subject } }: HistoryEntry): string {
  return `${lists[code.replace("-removed", "")] ?? ""}/${subject}`;
}
