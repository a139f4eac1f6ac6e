import { useSyncExternalStore } from "react";
import type { Case } from "../api/client";
import { keep } from "../shell/keep";

/** Which messages of which request were looked at on this phone. */
const key = "carebox.cases-seen";
const listeners = new Set<() => void>();

type Seen = Readonly<Record<string, number>>;

export function readSeen(text: string | null): Seen {
  try {
    const seen: unknown = JSON.parse(text ?? "{}");
    return typeof seen === "object" && seen !== null ? (seen as Seen) : {};
  } catch {
    return {};
  }
}

/** A person has written since it was looked at. */
export function isFresh({ id, lastFrom, messages }: Case, seen: Seen): boolean {
  return lastFrom === "staff" && messages > (seen[id] ?? 0);
}

export function look({ id, messages }: Case): void {
  const seen = readSeen(localStorage.getItem(key));
  if (seen[id] === messages) return;
  keep(key, JSON.stringify({ ...seen, [id]: messages }));
  listeners.forEach((tell) => tell());
}

export function useSeen(): Seen {
  const text = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => localStorage.getItem(key),
  );
  return readSeen(text);
}
