import type { HomeState, Line, Reservation } from "../api/client";
import type { Reader } from "../time/words";

export const mega = 1_000_000;

/** What people watch, in bit/s: what is kept for it down, and up for what goes back. */
export const qualities = [
  { word: "sd", down: 3 * mega, up: mega / 2 },
  { word: "hd", down: 8 * mega, up: mega / 2 },
  { word: "uhd", down: 25 * mega, up: mega },
  { word: "sport", down: 40 * mega, up: 2 * mega },
] as const;

export type Quality = (typeof qualities)[number]["word"];

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

/** What others keep, as if all held at once. */
export function keptBy(reservations: readonly Reservation[], except?: string): Floors {
  const others = reservations.filter(({ id }) => id !== except);
  return {
    down: others.reduce((sum, { floorDown }) => sum + (floorDown ?? 0), 0),
    up: others.reduce((sum, { floorUp }) => sum + (floorUp ?? 0), 0),
  };
}

/** What is left for one reservation, whole hundreds of kbit/s. */
export function leftFor(state: HomeState, id: string): Floors {
  const room = roomOf(state.line ?? null);
  const kept = keptBy(state.policy.reservations ?? [], id);
  const round = (bits: number) => Math.max(0, Math.floor(bits / 100_000) * 100_000);
  return { down: round(room.down - kept.down), up: round(room.up - kept.up) };
}
