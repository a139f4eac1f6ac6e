/** Under this, and a session's id, stands what its customer has hidden. */
export const prefix = "carebox.unseen.";

type Store = Pick<Storage, "removeItem" | "key" | "length">;

/** Forgets what was hidden, of all sessions but one: it is found again by what it said, which is for nobody else to read. */
export function forgetUnseen(but = "", store: Store = localStorage): void {
  const keys = Array.from({ length: store.length }, (_, n) => store.key(n) ?? "");
  for (const key of keys) if (key.startsWith(prefix) && key !== prefix + but) store.removeItem(key);
}
