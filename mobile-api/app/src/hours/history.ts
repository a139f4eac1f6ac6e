/** Versions of something, with the way back and forth; without end while the editor is open. */
export type Trail<T> = { past: T[]; now: T; future: T[] };

export function begin<T>(now: T): Trail<T> {
  return { past: [], now, future: [] };
}

export function step<T>(trail: Trail<T>, next: T): Trail<T> {
  return next === trail.now ? trail : { past: [...trail.past, trail.now], now: next, future: [] };
}

export function back<T>(trail: Trail<T>): Trail<T> {
  const before = trail.past.at(-1);
  if (before === undefined) return trail;
  return { past: trail.past.slice(0, -1), now: before, future: [trail.now, ...trail.future] };
}

export function forth<T>(trail: Trail<T>): Trail<T> {
  const [after, ...rest] = trail.future;
  return after === undefined ? trail : { past: [...trail.past, trail.now], now: after, future: rest };
}
