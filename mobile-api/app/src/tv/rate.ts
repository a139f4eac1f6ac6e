import type { Hold, HomeState, Line, Reservation, ReservationRow } from "../api/client";
import { days, type Reader } from "../time/words";
import { type Span, spansOf } from "./span";

export const mega = 1_000_000;

/** What people watch, in bit/s: what is kept for it down, and up for what goes back. */
export const qualities = [
  { word: "sd", down: 3 * mega, up: mega / 2 },
  { word: "hd", down: 8 * mega, up: mega / 2 },
  { word: "uhd", down: 25 * mega, up: mega },
  { word: "sport", down: 40 * mega, up: 2 * mega },
] as const;

type Quality = (typeof qualities)[number]["word"];

/** What a floor is called; null for a number of somebody's own. */
export function qualityOf(down: number): Quality | null {
  return qualities.find((quality) => quality.down === down)?.word ?? null;
}

/** "25", "2.5" of bit/s, as Mbit/s; small rates keep a digit. */
export function megabits(bits: number, { locale }: Pick<Reader, "locale">): string {
  const value = bits / mega;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** "−54", with the sign that is as wide as a digit. */
export function decibels(n: number): string {
  return n < 0 ? `\u2212${-n}` : String(n);
}

/** The part of the line that floors may take together. */
const share = 0.8;

type Floors = { down: number; up: number };

/** How much may be kept in all; 0 where the line is not known. */
export function roomOf(line: Line | null): Floors {
  return { down: Math.floor((line?.down ?? 0) * share), up: Math.floor((line?.up ?? 0) * share) };
}

/** What the box keeps for a reservation now, in whole or in part; null where it keeps nothing. */
export function holds(row: ReservationRow | undefined): Hold | null {
  const hold = row?.inForce;
  return hold && ["in-force", "moved", "partly"].includes(hold.state) ? hold : null;
}

/** What is kept at the busiest minute of those that count, of a week. */
function peakOf(reservations: readonly Reservation[], floor: "floorDown" | "floorUp", counts: readonly boolean[]): number {
  const load = new Array<number>(week).fill(0);
  for (const reservation of reservations) {
    minutesOf(spansOf(reservation.windows)).forEach((on, at) => (load[at] = (load[at] ?? 0) + (on ? (reservation[floor] ?? 0) : 0)));
  }
  return load.reduce((most, bits, at) => (counts[at] ? Math.max(most, bits) : most), 0);
}

const week = 7 * 1440;

/** Which minutes of a week some times cover; all of them where there are none. */
function minutesOf(spans: readonly Span[]): boolean[] {
  const on = new Array<boolean>(week).fill(spans.length === 0);
  for (const { days: chosen, start, end } of spans) {
    for (const day of chosen) {
      const from = days.indexOf(day) * 1440 + start;
      for (let at = from; at < from + end - start; at++) on[at % week] = true;
    }
  }
  return on;
}

/** How much of the line the box keeps now, down. */
export function keptNow(rows: readonly ReservationRow[]): number {
  return rows.reduce((sum, row) => sum + (holds(row)?.floorDown ?? 0), 0);
}

/** What is left for a reservation at its own times while all others keep theirs, in whole hundreds of kbit/s. */
export function leftFor({ line, policy }: Pick<HomeState, "line" | "policy">, mine: { id: string; spans: readonly Span[] }): Floors {
  const others = (policy.reservations ?? []).filter(({ id }) => id !== mine.id);
  const [room, own] = [roomOf(line), minutesOf(mine.spans)];
  const round = (bits: number) => Math.max(0, Math.floor(bits / 100_000) * 100_000);
  return { down: round(room.down - peakOf(others, "floorDown", own)), up: round(room.up - peakOf(others, "floorUp", own)) };
}
