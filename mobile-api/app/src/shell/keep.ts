/** Keeps something on this phone as far as the phone takes it: one that is full, or forbids it, must break no screen. */
export function keep(key: string, value: string, store: Pick<Storage, "setItem"> = localStorage): void {
  try {
    store.setItem(key, value);
  } catch {
    // Nothing that is kept here is worth that.
  }
}
