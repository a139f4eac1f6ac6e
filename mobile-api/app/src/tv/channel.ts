import type { Channel, Policy, Radio, Reservation, ReservationRow } from "../api/client";
import { holds } from "./rate";

/** One channel in the picture of a radio. */
export type Cell = {
  channel: Channel;
  /** The channel in use, or one that it covers because it is wide. */
  use: "primary" | "wide" | null;
  /** What the box keeps there now. */
  kept: Reservation | null;
  /** What is asked to be there, and is not. */
  wanted: Reservation | null;
  fallback: boolean;
  /** Closed until then, because radar was heard. */
  closed: Date | null;
};

/** Where the numbers of a band begin anew. */
const starts = [149, 100, 36];

const place = (number: number) => {
  const start = starts.find((one) => number >= one) ?? 36;
  return { start, at: (number - start) / 4 };
};

/** Whether a channel lies within another one of some width. Neighbours of 2.4 GHz overlap: there it is what they disturb. */
export function within(number: number, primary: number, width: number, band: Radio["band"]): boolean {
  if (primary === 0 || width === 0) return false;
  if (band === "2.4GHz") return Math.abs(number - primary) <= (width > 20 ? 4 : 2);
  const [a, b, size] = [place(number), place(primary), width / 20];
  return a.start === b.start && Math.floor(a.at / size) === Math.floor(b.at / size);
}

export function cellsOf(radio: Radio, policy: Policy, rows: readonly ReservationRow[], now: Date): Cell[] {
  const here = (policy.reservations ?? []).filter(({ band }) => band === radio.band);
  const heldOn = ({ id }: Reservation) => (holds(rows.find((row) => row.id === id)) ?? {}).channel ?? 0;
  return radio.channels.map((channel) => {
    const { number } = channel;
    const heard = radio.radar.find((radar) => radar.channel === number && Date.parse(radar.until) > now.getTime());
    return {
      channel,
      use: number === radio.channel ? "primary" : within(number, radio.channel, radio.width, radio.band) ? "wide" : null,
      kept: here.find((reservation) => heldOn(reservation) === number) ?? null,
      wanted: here.find((reservation) => reservation.channel === number && heldOn(reservation) !== number) ?? null,
      fallback: here.some(({ fallback }) => fallback?.includes(number)),
      closed: heard ? new Date(heard.until) : null,
    };
  });
}

/** Cells side by side that can become one wide channel; of 2.4 GHz all. */
export function blocksOf(cells: readonly Cell[], band: Radio["band"]): Cell[][] {
  if (band === "2.4GHz") return [[...cells]];
  const blocks = new Map<number, Cell[]>();
  for (const cell of cells) {
    const { start, at } = place(cell.channel.number);
    const key = start * 100 + Math.floor(at / 4);
    blocks.set(key, [...(blocks.get(key) ?? []), cell]);
  }
  return [...blocks.values()];
}
