const narrow = "\u202f";

/** French typesetting: narrow no-break spaces before ; ! ? and inside « », a no-break one before a colon. */
export function typeset(text: string): string {
  return text
    .replace(/ ([;!?»])/g, `${narrow}$1`)
    .replace(/« /g, `«${narrow}`)
    .replace(/ :/g, "\u00a0:");
}

export function typesetAll<T extends object>(words: T): T {
  const entries = Object.entries(words).map(([key, value]) => [key, typeof value === "string" ? typeset(value) : typesetAll(value)]);
  return Object.fromEntries(entries) as T;
}
