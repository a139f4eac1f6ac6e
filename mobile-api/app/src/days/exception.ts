import type { Exception, Policy, Target, Window } from "../api/client";
import { sameTarget } from "../home/standing";
import { ownSchedules, wideSchedules } from "../hours/target";
import { dayOf, minutes } from "../time/words";

/** What a special day is like. */
export type Shape = { kind: "free" } | { kind: "late"; start: string; end: string } | { kind: "day" };

export function windowsOf(shape: Shape): Window[] {
  if (shape.kind === "free") return [];
  if (shape.kind === "day") return [{ start: "00:00", duration: 86_400 }];
  const [from, to] = [minutes(shape.start), minutes(shape.end)];
  return [{ start: shape.start, duration: (to > from ? to - from : to + 1440 - from) * 60 }];
}

function exceptionID(target: Target, date: string): string {
  return `day.${target.person ?? target.device ?? "home"}.${date}`.slice(0, 64);
}

/** The policy with special days for a target; a date that had one gets the new. */
export function withDays(policy: Policy, target: Target, made: readonly { date: string; windows: Window[]; name?: string }[]): Policy {
  const replaced = (old: Exception) => sameTarget(old.for, target) && made.some(({ date }) => date === old.date);
  return {
    ...policy,
    exceptions: [
      ...(policy.exceptions ?? []).filter((old) => !replaced(old)),
      ...made.map((day) => ({ id: exceptionID(target, day.date), for: target, ...day })),
    ],
  };
}

/** The windows of the weekly hours that start on a date, for all that holds for a target. */
export function usualWindows(policy: Policy, target: Target, date: string): Window[] {
  const day = dayOf(date);
  return [...ownSchedules(policy, target), ...wideSchedules(policy, target)]
    .filter((schedule) => schedule.days.includes(day))
    .map(({ start, duration }) => ({ start, duration }));
}

/** What the hours of one date are, and the special day that they come from, if there is one. */
type DateHours = { windows: Window[]; special: Exception | null };

/** The hours that hold for a target on a date: of its narrowest special day, else those of the week. */
export function hoursOn(policy: Policy, target: Target, date: string): DateHours {
  const owner = policy.devices?.find(({ id }) => id === target.device)?.person;
  const day = (policy.exceptions ?? []).filter((exception) => exception.date === date);
  const special =
    day.find(({ for: who }) => sameTarget(who, target)) ??
    day.find(({ for: who }) => owner && who.person === owner) ??
    day.find(({ for: who }) => who.home) ??
    null;
  return { windows: special ? special.windows : usualWindows(policy, target, date), special };
}

/** The policy with another bedtime on one date; everything else of that date stays, the name of a special day too. */
export function withTonight(policy: Policy, target: Target, date: string, start: string | null): Policy {
  const { windows, special } = hoursOn(policy, target, date);
  return withDays(policy, target, [{ date, windows: withBedtime(windows, start), ...(special?.name && { name: special.name }) }]);
}

/** The window that is the night of a date: it runs past midnight; the earliest if there are several. */
export function bedtimeOf(windows: readonly Window[]): Window | undefined {
  return windows
    .filter(({ start, duration }) => minutes(start) >= 12 * 60 && minutes(start) + duration / 60 > 1440)
    .sort((a, b) => minutes(a.start) - minutes(b.start))[0];
}

/** The windows of a date with another bedtime; the night ends as before. Without a start the night is free. */
export function withBedtime(windows: readonly Window[], start: string | null): Window[] {
  const bedtime = bedtimeOf(windows);
  const rest = windows.filter((window) => window !== bedtime);
  if (!bedtime || start === null) return rest;
  const end = minutes(bedtime.start) + bedtime.duration / 60;
  // A window of this date starts on this date: a bedtime past midnight cannot be said here.
  const from = minutes(start);
  if (from < 12 * 60 || from >= end) return rest;
  return [...rest, { start, duration: (end - from) * 60 }];
}

/** Special days of a target and of what is wider, from a date on, soonest first. */
export function daysAhead(policy: Policy, target: Target, from: string): Exception[] {
  const owner = policy.devices?.find(({ id }) => id === target.device)?.person;
  return (policy.exceptions ?? [])
    .filter(({ for: who, date }) => date >= from && (sameTarget(who, target) || who.home || (owner && who.person === owner)))
    .sort((a, b) => a.date.localeCompare(b.date));
}
