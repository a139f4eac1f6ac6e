const adults = ["ask", "device", "box", "hours"] as const;
const children = ["answer", "cut"] as const;

/** What an adult or a child can hear of. */
export type Kind = (typeof adults)[number] | (typeof children)[number];

/** What an adult or a child can hear of, of what there is. */
export function known(kinds: readonly string[], decides: boolean): Kind[] {
  const mine: readonly Kind[] = decides ? adults : children;
  return mine.filter((kind) => kinds.includes(kind));
}

/** Of what is muted, the kinds that this app knows; one that it does not is not sent back, the API would refuse it. */
export function kept(muted: readonly string[]): Kind[] {
  return [...adults, ...children].filter((kind) => muted.includes(kind));
}

/** What is muted after one choice. */
export function muting(muted: readonly string[], kind: Kind, mute: boolean): Kind[] {
  const others = kept(muted).filter((one) => one !== kind);
  return mute ? [...others, kind] : others;
}
