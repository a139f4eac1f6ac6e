import type { Bar } from "./week";
import { dayMinutes } from "./week";

/** The picture runs from six to six, so that a school night is one bar. */
export const axisStart = 360;
const weekMinutes = 7 * dayMinutes;

/** A part of a bar in one column, in minutes from the top of the picture. */
export type Segment = { bar: Bar; column: number; top: number; bottom: number; first: boolean; last: boolean };

/** Where a bar is drawn: cut at the bottom of each column, the rest at the top of the next. Columns count from Monday. */
export function segmentsOf(bar: Bar): Segment[] {
  const segments: Segment[] = [];
  let from = bar.from - axisStart;
  const to = Math.min(bar.to, bar.from + weekMinutes) - axisStart;
  while (from < to) {
    const day = Math.floor(from / dayMinutes);
    const end = Math.min(to, (day + 1) * dayMinutes);
    segments.push({
      bar,
      column: ((day % 7) + 7) % 7,
      top: from - day * dayMinutes,
      bottom: end - day * dayMinutes,
      first: segments.length === 0,
      last: end === to,
    });
    from = end;
  }
  return segments;
}

export type Spot = { column: number; minute: number };
type Painted = { first: number; last: number; start: number; end: number };

/**
 * What a drag from one spot to another paints: the same hours on all columns between. Minutes are of the picture; one
 * past the bottom edge makes a night. A step is what a finger can mean at this size.
 */
export function painted(from: Spot, to: Spot, step: number): Painted {
  const snap = (minute: number) => Math.round(minute / step) * step;
  const [a, b] = [snap(Math.min(from.minute, to.minute)), snap(Math.max(from.minute, to.minute))];
  const start = Math.max(0, Math.min(a, dayMinutes - step));
  return {
    first: Math.min(from.column, to.column),
    last: Math.max(from.column, to.column),
    start: start + axisStart,
    end: Math.max(start + step, Math.min(b, dayMinutes + 4 * 60)) + axisStart,
  };
}

/** Where fifteen minutes are too small for a finger, it paints halves of an hour. */
export function stepFor(pixelsPerHour: number): number {
  return pixelsPerHour >= 32 ? 15 : 30;
}
