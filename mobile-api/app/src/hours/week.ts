import type { Schedule, Target } from "../api/client";
import { clockText, type Day, days, minutes } from "../time/words";

/** The same hours on one or more days, in minutes from the midnight that begins the day; past 1440 is the day after. */
export type Rule = { id: string; name: string; days: Day[]; start: number; end: number };

export const dayMinutes = 1440;
const weekMinutes = 7 * dayMinutes;
export const shortest = 15;

export function rulesOf(schedules: readonly Schedule[]): Rule[] {
  return schedules.map((s) => {
    const start = minutes(s.start);
    return { id: s.id, name: s.name ?? "", days: inOrder(s.days), start, end: start + Math.round(s.duration / 60) };
  });
}

export function scheduleOf(rule: Rule, target: Target): Schedule {
  return {
    id: rule.id,
    ...(rule.name.trim() ? { name: rule.name.trim() } : {}),
    for: target,
    days: rule.days,
    start: clockText(rule.start),
    duration: (rule.end - rule.start) * 60,
  };
}

export function inOrder(chosen: readonly Day[]): Day[] {
  return days.filter((day) => chosen.includes(day));
}

/** One bar in the week: a rule on one of its days. */
export type Bar = { rule: string; day: Day; from: number; to: number };

export function barsOf(rules: readonly Rule[]): Bar[] {
  return rules.flatMap((rule) =>
    rule.days.map((day) => {
      const base = days.indexOf(day) * dayMinutes;
      return { rule: rule.id, day, from: base + rule.start, to: base + rule.end };
    }),
  );
}

/** Whether two spans of the week touch or overlap, the week being a circle. */
function touches(a: Bar, b: Bar): number | null {
  for (const turn of [0, -weekMinutes, weekMinutes]) {
    if (a.from <= b.to + turn && b.from + turn <= a.to) return turn;
  }
  return null;
}

type Absorbed = { from: number; to: number; left: Rule[]; keeper: Rule | undefined };

/** A span of the week with every bar that touches it taken in, one after the other until none does. */
function absorb(bar: Bar, rules: Rule[]): Absorbed {
  const found: Absorbed = { from: bar.from, to: bar.to, left: rules, keeper: undefined };
  for (;;) {
    const span = { ...bar, from: found.from, to: found.to };
    const other = barsOf(found.left).find((one) => touches(span, one) !== null);
    if (!other) return found;
    const turn = touches(span, other) ?? 0;
    found.from = Math.min(found.from, other.from + turn);
    found.to = Math.max(found.to, other.to + turn);
    found.keeper ??= rules.find(({ id }) => id === other.rule);
    found.left = without(found.left, other.rule, other.day);
  }
}

/**
 * A rule laid over others: what touches becomes one range, day by day. The rule that was touched keeps its id and name
 * where all its days end alike; the days that differ become rules of their own.
 */
export function lay(rules: readonly Rule[], added: Rule): { rules: Rule[]; merged: boolean; selected: string } {
  let left = rules.filter(({ id }) => id !== added.id);
  let merged = false;
  const pieces: Piece[] = [];
  for (const bar of barsOf([added])) {
    const { from, to, keeper, left: rest } = absorb(bar, left);
    left = rest;
    merged ||= keeper !== undefined;
    const index = Math.floor(from / dayMinutes);
    const start = from - index * dayMinutes;
    pieces.push({
      id: keeper?.id ?? added.id,
      name: keeper?.name ?? added.name,
      day: days[((index % 7) + 7) % 7] as Day,
      start,
      end: Math.min(to - index * dayMinutes, start + weekMinutes),
    });
  }
  const result = [...left];
  for (const piece of pieces) join(result, piece);
  const first = pieces[0];
  const chosen = result.find((rule) => first && rule.days.includes(first.day) && rule.start === first.start && rule.end === first.end);
  return { rules: result, merged, selected: chosen?.id ?? added.id };
}

type Piece = { name: string; id: string; day: Day; start: number; end: number };

/** Adds a day to the rule of the same hours, else makes one; an id in use is not used twice. */
function join(rules: Rule[], piece: Piece): void {
  const alike = rules.findIndex((rule) => rule.name === piece.name && rule.start === piece.start && rule.end === piece.end);
  const found = rules[alike];
  if (found) {
    rules[alike] = { ...found, days: inOrder([...found.days, piece.day]) };
    return;
  }
  const { name, start, end } = piece;
  const id = rules.some((rule) => rule.id === piece.id) ? freshId(rules) : piece.id;
  rules.push({ id, name, days: [piece.day], start, end });
}

/** The rules without one bar; a rule without days is gone. */
export function without(rules: readonly Rule[], id: string, day: Day): Rule[] {
  return rules.flatMap((rule) => {
    if (rule.id !== id) return [rule];
    const rest = rule.days.filter((other) => other !== day);
    return rest.length > 0 ? [{ ...rule, days: rest }] : [];
  });
}

/** Takes one day out of a rule into a rule of its own, so that it can be changed alone. */
export function split(rules: readonly Rule[], id: string, day: Day): { rules: Rule[]; id: string } {
  const rule = rules.find((r) => r.id === id);
  if (!rule || rule.days.length === 1) return { rules: [...rules], id };
  const own = freshId(rules);
  return { rules: [...without(rules, id, day), { ...rule, id: own, days: [day] }], id: own };
}

/** Gives some days exactly the hours of another. */
export function copyDay(rules: readonly Rule[], from: Day, to: readonly Day[]): Rule[] {
  const targets = to.filter((day) => day !== from);
  return rules.flatMap((rule) => {
    const kept = rule.days.filter((day) => !targets.includes(day));
    const next = rule.days.includes(from) ? inOrder([...kept, ...targets]) : kept;
    return next.length > 0 ? [{ ...rule, days: next }] : [];
  });
}

/** An id that no other rule has. */
export function freshId(taken: readonly { id: string }[]): string {
  for (;;) {
    const id = `hours-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`;
    if (!taken.some((rule) => rule.id === id)) return id;
  }
}

/** How many rules would be made, changed or taken away. */
export function differences(before: readonly Rule[], after: readonly Rule[]): number {
  const changed = after.filter((rule) => {
    const old = before.find(({ id }) => id === rule.id);
    return !old || !equal(old, rule);
  });
  return changed.length + before.filter(({ id }) => !after.some((rule) => rule.id === id)).length;
}

export function equal(a: Rule, b: Rule): boolean {
  return a.name === b.name && a.start === b.start && a.end === b.end && a.days.join() === b.days.join();
}

export function shiftDays(chosen: readonly Day[], by: number): Day[] {
  return inOrder(chosen.map((day) => days[(days.indexOf(day) + by + 70) % 7] as Day));
}

/** A rule whose start is within its days again, and which lasts at least a quarter of an hour and at most a week. */
export function normal(rule: Rule): Rule {
  const by = Math.floor(rule.start / dayMinutes);
  const start = rule.start - by * dayMinutes;
  const length = Math.min(Math.max(rule.end - rule.start, shortest), weekMinutes);
  return { ...rule, days: by === 0 ? rule.days : shiftDays(rule.days, by), start, end: start + length };
}
