import type { WeekWindow } from "../api/client";
import { clockText, type Day, days, minutes } from "../time/words";

/** The same days and times in minutes; an end past 1440 is the day after. */
export type Span = { days: Day[]; start: number; end: number };

export const evening: Span = { days: [...days], start: 18 * 60, end: 24 * 60 };

export function whenOf(spans: readonly Span[]): "always" | "evenings" | "own" {
  if (spans.length === 0) return "always";
  const [one] = spans;
  const evenings = spans.length === 1 && one?.days.length === 7 && one.start === evening.start && one.end === evening.end;
  return evenings ? "evenings" : "own";
}

export function spansOf(windows: readonly WeekWindow[]): Span[] {
  return windows.map(({ days: on, start, duration }) => {
    const from = minutes(start);
    return { days: [...on], start: from, end: from + Math.round(duration / 60) };
  });
}

export function windowsOf(spans: readonly Span[]): WeekWindow[] {
  return spans.map(({ days: on, start, end }) => ({ days: on, start: clockText(start), duration: (end - start) * 60 }));
}
