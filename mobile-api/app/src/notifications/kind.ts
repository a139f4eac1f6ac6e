export type Kind = "ask" | "answer";

/** What an adult or a child can hear of, of what there is. */
export function known(kinds: readonly string[], decides: boolean): Kind[] {
  const mine: Kind[] = decides ? ["ask"] : ["answer"];
  return mine.filter((kind) => kinds.includes(kind));
}

/** What is muted after one choice; a kind that this app does not know is not sent back, the API would refuse it. */
export function muting(muted: readonly string[], kind: Kind, mute: boolean): Kind[] {
  const others = (["ask", "answer"] as const).filter((one) => one !== kind && muted.includes(one));
  return mute ? [...others, kind] : others;
}
