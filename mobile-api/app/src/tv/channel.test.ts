import { describe, expect, it } from "vitest";
import type { Channel, Policy, Radio } from "../api/client";
import { blocksOf, cellsOf, within } from "./channel";
import { draftOf, fallbackOf, onBand, onChannel, reservationOf } from "./draft";
import { spansOf, whenOf, windowsOf } from "./span";

const now = new Date("2026-11-21T18:00:00Z");
const channel = (number: number, more: Partial<Channel> = {}): Channel => ({
  number, frequency: 5000 + 5 * number, widths: [20, 40, 80], radar: number > 48 && number < 149, power: 20, busy: 5, noise: -95, ...more,
});
const radio: Radio = {
  name: "wlan1", band: "5GHz", country: "FR", channel: 44, width: 40, state: "up", load: 3, bsses: [], stations: [],
  channels: [36, 40, 44, 48, 52, 56, 100, 149].map((n) => channel(n, n === 40 ? { busy: 1 } : {})),
  radar: [
    { channel: 52, at: "2026-11-21T17:50:00Z", until: "2026-11-21T18:20:00Z" },
    { channel: 56, at: "2026-11-21T16:00:00Z", until: "2026-11-21T16:30:00Z" },
  ],
};
const policy: Policy = {
  zone: "Europe/Paris", unknown: "allow", effect: "no-internet",
  reservations: [{ id: "tv", devices: ["tv"], band: "5GHz", channel: 52, width: 40, fallback: [44], windows: [] }],
};

describe("the picture of a radio", () => {
  it("shows what a wide channel covers, what is kept, where to go on radar, and what radar has closed", () => {
    const cells = cellsOf(radio, policy, [], now);
    const of = (number: number) => cells.find((cell) => cell.channel.number === number);
    expect(of(44)).toMatchObject({ use: "primary", kept: null, fallback: true, closed: null });
    expect(of(48)).toMatchObject({ use: "wide" });
    expect(of(40)).toMatchObject({ use: null });
    expect(of(52)).toMatchObject({ kept: null, wanted: { id: "tv" }, closed: new Date("2026-11-21T18:20:00Z") });
    expect(of(56)?.closed).toBeNull();
  });

  it("shows the best channel where the box has found it", () => {
    const best = { ...policy, reservations: [{ id: "tv", devices: ["tv"], band: "5GHz" as const, width: 40, windows: [] }] };
    const inForce = { id: "tv", state: "in-force" as const, channel: 44, since: "" };
    const rows = [{ id: "tv", asked: true, live: true, changes: null, inForce }];
    expect(cellsOf(radio, best, rows, now).filter(({ kept }) => kept).map((cell) => cell.channel.number)).toEqual([44]);
  });

  it("groups what can become one wide channel", () => {
    const numbers = blocksOf(cellsOf(radio, policy, [], now), "5GHz").map((block) => block.map((cell) => cell.channel.number));
    expect(numbers).toEqual([[36, 40, 44, 48], [52, 56], [100], [149]]);
  });

  it.each([
    [48, 36, 80, true], [52, 36, 80, false], [40, 36, 40, true], [44, 40, 40, false], [153, 149, 80, true], [104, 100, 40, true],
    [36, 0, 0, false],
  ] as const)("%i in %i at %i MHz: %s", (number, primary, width, want) => {
    expect(within(number, primary, width, "5GHz")).toBe(want);
  });

  it("shows neighbours of 2.4 GHz as they overlap", () => {
    expect([2, 3, 4, 8, 9].map((number) => within(number, 6, 20, "2.4GHz"))).toEqual([false, false, true, true, false]);
  });
});

describe("a draft", () => {
  const blank = draftOf({ id: "tv", devices: ["tv"], windows: [], floorDown: 25_000_000 });

  it("says nothing about channels without a band", () => {
    expect(reservationOf({ ...blank, channel: 44, width: 80, exclusive: true, fallback: [36], now: true })).toEqual({
      id: "tv", devices: ["tv"], windows: [], floorDown: 25_000_000,
    });
  });

  it("goes to a channel that needs radar listening only with somewhere to go on radar", () => {
    const draft = onChannel(onBand(blank, [radio], "5GHz"), [radio], 52);
    expect(draft).toMatchObject({ channel: 52, width: 80, fallback: [40, 149], now: false });
    expect(onChannel(draft, [radio], 36).fallback).toEqual([]);
    expect(fallbackOf(radio, 52, 160)).toEqual([]);
  });

  it("takes the width that the channel has", () => {
    const narrow: Radio = { ...radio, channels: [channel(36), channel(140, { widths: [20] })] };
    expect(onChannel(onBand(blank, [narrow], "5GHz"), [narrow], 140).width).toBe(20);
    expect(onBand(blank, [{ ...narrow, band: "2.4GHz" }], "2.4GHz").width).toBe(20);
  });

  it("comes back as it went", () => {
    const full = {
      id: "tv", name: "Salon", devices: ["tv", "box"], band: "5GHz" as const, channel: 52, width: 40, exclusive: true, floorDown: 8_000_000,
      floorUp: 500_000, windows: [{ days: ["Friday" as const], start: "22:30", duration: 9000 }], fallback: [36, 149], now: true,
    };
    expect(reservationOf(draftOf(full), full)).toEqual(full);
  });

  it("knows always, every evening, and times of one's own", () => {
    const week = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
    const evenings = [{ days: [...week], start: "18:00", duration: 21_600 }];
    expect(whenOf([])).toBe("always");
    expect(whenOf(spansOf(evenings))).toBe("evenings");
    expect(windowsOf(spansOf(evenings))).toEqual(evenings);
    expect(whenOf(spansOf([{ days: ["Monday"], start: "18:00", duration: 21_600 }]))).toBe("own");
  });
});
