import { type Day, days } from "../time/words";
import { axisStart, painted, type Spot, segmentsOf, stepFor } from "./axis";
import { dayMinutes, freshId, inOrder, normal, type Rule, shortest } from "./week";

/** What a drag does: paints new hours, or moves a rule or one of its edges. */
export type Grip = { kind: "paint" } | { kind: "move" | "start" | "end"; rule: Rule };

type Frame = { width: number; height: number };

/** Where a point of the picture is in the week; past its foot too, for nights. */
export function spotAt(x: number, y: number, { width, height }: Frame): Spot {
  const column = Math.min(6, Math.max(0, Math.floor((x / width) * 7)));
  return { column, minute: (y / height) * dayMinutes };
}

export function stepOf({ height }: Frame): number {
  return stepFor(height / 24);
}

/** The rule that a drag from one spot to another would leave. */
export function dragged(grip: Grip, from: Spot, to: Spot, { step, order }: { step: number; order: readonly Day[] }): Rule {
  if (grip.kind === "paint") {
    const area = painted(from, to, step);
    const chosen = inOrder(order.slice(area.first, area.last + 1));
    return normal({ id: "new", name: "", days: chosen, start: area.start, end: area.end });
  }
  const by = Math.round((to.minute - from.minute) / step) * step;
  const { rule } = grip;
  if (grip.kind === "start") return normal({ ...rule, start: Math.min(rule.start + by, rule.end - shortest) });
  if (grip.kind === "end") return normal({ ...rule, end: Math.max(rule.end + by, rule.start + shortest) });
  return normal({ ...rule, start: rule.start + by, end: rule.end + by });
}

/** An hour where somebody tapped on empty time. */
export function tapped({ column, minute }: Spot, order: readonly Day[], rules: readonly Rule[]): Rule {
  const start = Math.min(Math.floor(minute / 30) * 30, dayMinutes - 60) + axisStart;
  return normal({ id: freshId(rules), name: "", days: [order[column] ?? "Monday"], start, end: start + 60 });
}

/** The first and last part of one of a rule's bars: where its handles are. */
export function endsOf(rule: Rule, day: Day) {
  const base = days.indexOf(day) * dayMinutes;
  const segments = segmentsOf({ rule: rule.id, day, from: base + rule.start, to: base + rule.end });
  return { first: segments[0], last: segments.at(-1) };
}
