import type { DeviceRow, Override, Target } from "../api/client";
import { sameTarget } from "./standing";

/** What can be done about a target right now. */
type Moment = {
  /** Its own live pause. */
  pause: Override | null;
  /** A live pause of the whole home, or of the person above the device. */
  above: Override | null;
  /** Extra time that runs or waits for the next cut. */
  bonus: Override | null;
  /** Until when 30 more minutes would last; null where nothing is cut and no cut is known. */
  more: Date | null;
  blocked: boolean;
};

const half = 30 * 60_000;

export function momentOf(target: Target, rows: readonly DeviceRow[], overrides: readonly Override[], now: Date): Moment {
  const ahead = overrides.filter(({ until }) => !until || Date.parse(until) > now.getTime());
  const mine = (mode: Override["mode"]) => ahead.find((o) => o.mode === mode && sameTarget(o.for, target)) ?? null;
  const deciding = new Set(rows.filter(({ asked }) => asked.reason.kind === "pause").map(({ asked }) => asked.reason.id));
  const open = rows.filter(({ asked }) => asked.reason.kind !== "refused");
  return {
    pause: mine("pause"),
    above: ahead.find((o) => deciding.has(o.id) && !sameTarget(o.for, target) && !o.for.device) ?? null,
    bonus: mine("bonus"),
    more: moreUntil(open, mine("bonus"), now),
    blocked: rows.length > 0 && open.length === 0,
  };
}

/** As the server counts: from now where anything is offline, else from a running bonus or the next cut. */
function moreUntil(rows: readonly DeviceRow[], bonus: Override | null, now: Date): Date | null {
  if (rows.length === 0) return null;
  if (bonus?.until && rows.every(({ asked }) => asked.online)) return new Date(Date.parse(bonus.until) + half);
  if (rows.some(({ asked }) => !asked.online)) return new Date(now.getTime() + half);
  const cuts = rows.flatMap(({ asked }) => (asked.changes ? [Date.parse(asked.changes)] : []));
  return cuts.length > 0 ? new Date(Math.min(...cuts) + half) : null;
}

/** Which of the usual lengths a pause has, in minutes; null for another. */
export function lengthOf(pause: Override): 30 | 60 | "none" | null {
  if (!pause.until) return "none";
  const minutes = (Date.parse(pause.until) - Date.parse(pause.at)) / 60_000;
  return [30, 60].find((usual) => Math.abs(usual - minutes) < 0.5) as 30 | 60 | undefined ?? null;
}
