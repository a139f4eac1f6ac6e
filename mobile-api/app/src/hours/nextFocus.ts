type Wanted = { what: "selected" | "neighbour"; at: number; count: number; mine: number };

/** Which of the blocks now in the week has the focus next, by its place; null where none is left. */
export function nextFocus({ what, at, count, mine }: Wanted): number | null {
  if (count === 0) return null;
  if (what === "selected" && mine >= 0) return mine;
  return Math.min(at, count - 1);
}
