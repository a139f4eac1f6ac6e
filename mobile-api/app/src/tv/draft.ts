import type { HomeState, Policy, Radio, Reservation } from "../api/client";
import { joinedAs, televisionsOf } from "./who";
import { qualities } from "./rate";
import { type Span, spansOf, windowsOf } from "./span";

type Band = "2.4GHz" | "5GHz";

/** A reservation while it is being made; no band is bandwidth alone. */
export type Draft = {
  id: string;
  devices: string[];
  band: Band | null;
  channel: number;
  width: number;
  exclusive: boolean;
  down: number;
  up: number;
  spans: Span[];
  fallback: number[];
  now: boolean;
};

export function radioOf(radios: readonly Radio[], band: Band | null): Radio | undefined {
  return radios.find((radio) => radio.band === band);
}

/** The widths that a channel can have, the widest first; of any channel where none is chosen. */
export function widthsOf(radio: Radio | undefined, channel: number): number[] {
  const fitting = (radio?.channels ?? []).filter(({ number }) => channel === 0 || number === channel);
  return [...new Set(fitting.flatMap(({ widths }) => widths))].filter((width) => width <= 80).sort((a, b) => b - a);
}

/** The usual width of a band: wide where there is room, narrow where neighbours are many. */
function usualWidth(radio: Radio | undefined, channel: number): number {
  const widths = widthsOf(radio, channel);
  if (radio?.band === "2.4GHz" && widths.includes(20)) return 20;
  return widths[0] ?? 20;
}

/** Where to go on radar: of each block of channels the quietest without radar, two at most. */
export function fallbackOf(radio: Radio | undefined, channel: number, width: number): number[] {
  const free = (radio?.channels ?? []).filter((c) => !c.radar && c.number !== channel && c.widths.includes(width));
  const best = new Map<number, (typeof free)[number]>();
  for (const one of free) {
    const block = Math.floor((one.number - 36) / 16);
    const other = best.get(block);
    if (!other || one.busy < other.busy) best.set(block, one);
  }
  return [...best.values()].sort((a, b) => a.busy - b.busy).slice(0, 2).map(({ number }) => number);
}

export function needsCheck(radio: Radio | undefined, channel: number): boolean {
  return radio?.channels.find(({ number }) => number === channel)?.radar ?? false;
}

/** A draft on another band, or on none, with what is usual there. */
export function onBand(draft: Draft, radios: readonly Radio[], band: Band | null): Draft {
  if (!band) return { ...draft, band, channel: 0, width: 0, exclusive: false, fallback: [], now: false };
  return { ...draft, band, channel: 0, width: usualWidth(radioOf(radios, band), 0), fallback: [], now: false };
}

/** A draft on another channel: its width fits, and there is somewhere to go on radar. */
export function onChannel(draft: Draft, radios: readonly Radio[], channel: number): Draft {
  const radio = radioOf(radios, draft.band);
  const widths = widthsOf(radio, channel);
  const width = widths.includes(draft.width) ? draft.width : (widths[0] ?? draft.width);
  const fallback = needsCheck(radio, channel) ? fallbackOf(radio, channel, width) : [];
  return { ...draft, channel, width, fallback, now: false };
}

/** A new reservation with what fits most: the TV, in 4K, always, on the band where it is. */
export function freshDraft(state: HomeState, id: string): Draft {
  const [television] = televisionsOf(state.policy);
  const usual = qualities[2];
  const blank: Draft = {
    id, devices: television ? [television.id] : [], band: null, channel: 0, width: 0, exclusive: false, down: usual.down, up: usual.up,
    spans: [], fallback: [], now: false,
  };
  const joined = joinedAs(television, state.radios);
  return joined ? onBand(blank, state.radios, joined.radio.band) : blank;
}

export function draftOf(r: Reservation): Draft {
  return {
    id: r.id, devices: [...r.devices], band: r.band || null, channel: r.channel ?? 0, width: r.width ?? 0, exclusive: r.exclusive ?? false,
    down: r.floorDown ?? 0, up: r.floorUp ?? 0, spans: spansOf(r.windows), fallback: [...(r.fallback ?? [])], now: r.now ?? false,
  };
}

/** As the API takes it: what does not apply is absent. */
export function reservationOf(draft: Draft, before?: Reservation): Reservation {
  const { band } = draft;
  return {
    id: draft.id,
    ...(before?.name ? { name: before.name } : {}),
    devices: draft.devices,
    windows: windowsOf(draft.spans),
    ...(band ? { band, width: draft.width } : {}),
    ...(band && draft.channel ? { channel: draft.channel } : {}),
    ...(band && draft.exclusive ? { exclusive: true } : {}),
    ...(band && draft.fallback.length > 0 ? { fallback: draft.fallback } : {}),
    ...(band && draft.now ? { now: true } : {}),
    ...(draft.down > 0 ? { floorDown: draft.down } : {}),
    ...(draft.up > 0 ? { floorUp: draft.up } : {}),
  };
}

/** An id for a new reservation. */
export function freshReservation(policy: Policy): string {
  const taken = (policy.reservations ?? []).map(({ id }) => id);
  for (let n = 1; ; n++) {
    const id = n === 1 ? "tv" : `tv-${n}`;
    if (!taken.includes(id)) return id;
  }
}
