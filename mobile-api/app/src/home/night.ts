import type { Row } from "../api/client";
import { addDays, dateOf, instant } from "../time/words";

/** A cut shorter than this is homework or a meal, not a night. */
const shortest = 2 * 3_600_000;

export type Night = { bedtime: Date | null; morning: Date; cut: { from: Date; to: Date } | null };

/** The next night of one device by its hours alone; without hours the morning is at seven. */
export function nightOf(rows: readonly Row[], now: Date, zone: string): Night {
  const cuts: { from: number; to: number }[] = [];
  for (const row of rows) {
    if (row.online) continue;
    const [from, to] = [Date.parse(row.from), Date.parse(row.to)];
    const last = cuts.at(-1);
    if (last && last.to === from) last.to = to;
    else cuts.push({ from, to });
  }
  const night = cuts.find(({ from, to }) => to - from >= shortest && to > now.getTime());
  if (night) {
    const cut = { from: new Date(night.from), to: new Date(night.to) };
    return { bedtime: cut.from > now ? cut.from : null, morning: cut.to, cut };
  }
  const today = instant(dateOf(now, zone), 7 * 60, zone);
  const morning = today > now ? today : instant(addDays(dateOf(now, zone), 1), 7 * 60, zone);
  return { bedtime: null, morning, cut: null };
}
