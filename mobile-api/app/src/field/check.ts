import type { Check } from "./visit";

/** Waiting is trouble once it lasts half as long again as usual, and no less than 20 seconds more. */
export function isLate({ usualSeconds }: Check, seconds: number): boolean {
  return seconds > Math.max(usualSeconds * 1.5, usualSeconds + 20);
}

/** Whole seconds between two instants, never less than none: clocks differ. */
export function secondsSince(since: string | undefined, now: Date): number {
  if (!since) return 0;
  return Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 1_000));
}

/** "7:05" and "1:02:05": a clock that runs. */
export function running(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Whole minutes from the scan until the box was in service; at least one. */
export function minutesBetween(from: string | undefined, to: string | undefined): number {
  if (!from || !to) return 0;
  return Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
}

/** Mbit/s with as many digits as mean something. */
export function megabits(rate: number, locale: string): string {
  const value = rate / 1e6;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
