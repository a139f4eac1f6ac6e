import { useSyncExternalStore } from "react";

/** How long somebody is believed to write after it was said; it is said again before. */
const lasts = 6_000;
const again = 3_000;

const until = new Map<string, number>();
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

/** The other side of a case was said to write. */
export function heardTyping(id: string): void {
  until.set(id, Date.now() + lasts);
  setTimeout(tell, lasts);
  tell();
}

/** What they wrote has come, or they have gone. */
export function hush(id: string): void {
  if (until.delete(id)) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const isTyping = (id: string): boolean => (until.get(id) ?? 0) > Date.now();

/** Whether the other side of a case writes. */
export function useTyping(id: string): boolean {
  return useSyncExternalStore(subscribe, () => isTyping(id));
}

/** Says that one writes, now and then while it goes on: never what. Nobody is told when that fails. */
export function typist(say: () => Promise<unknown>): (text: string) => void {
  let said = Number.NEGATIVE_INFINITY;
  return (text) => {
    const now = Date.now();
    if (text.trim() === "" || now - said < again) return;
    said = now;
    void say().catch(() => {});
  };
}
