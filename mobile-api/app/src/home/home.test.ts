import { describe, expect, it } from "vitest";
import type { DeviceRow, HomeState, Override, Row, Verdict } from "../api/client";
import { progressOf } from "../change/progress";
import { momentOf } from "./moment";
import { nightOf } from "./night";
import { provedSince, standingOf, summarise } from "./standing";

const now = new Date("2026-11-23T18:00:00Z");
const online: Verdict = { online: true, reason: { kind: "allowed", id: "" }, changes: "2026-11-23T20:30:00Z" };
const paused: Verdict = { online: false, reason: { kind: "pause", id: "o1" }, until: "2026-11-23T19:00:00Z" };

function row(id: string, asked: Verdict, inForce: Verdict | null = asked, proved = true): DeviceRow {
  return {
    id, mac: id, name: id, hostname: "", kind: "phone", person: "leo", present: true, asked,
    inForce: inForce && { verdict: inForce, proved, why: "" },
  };
}

function home(delivery: HomeState["delivery"], proved = 1, asked = 2): HomeState {
  return {
    home: { id: "h", name: "" },
    asked: { revision: asked, at: now.toISOString(), actor: { member: "", name: "", from: "" }, change: { code: "", subject: "" } },
    inForce: { revision: proved, at: now.toISOString() },
    box: null, delivery, policy: { zone: "Europe/Paris", unknown: "allow", effect: "no-internet" }, devices: [],
    radios: [], line: null, reservations: [],
  };
}

describe("asked and in force", () => {
  it("are two facts until the box has proved the newer one", () => {
    expect(standingOf(row("a", paused, online), home("applying"))).toMatchObject({ shown: online, wish: paused });
    expect(standingOf(row("a", paused, online), home("waiting-for-box"))).toMatchObject({ shown: online, wish: paused });
  });

  it("what the box holds for true stays unproved until its kernel was seen to agree", () => {
    expect(standingOf(row("a", paused, paused, false), home("applying"))).toMatchObject({ shown: paused, wish: null, unproved: true });
    expect(standingOf(row("a", paused, paused), home("applying"))).toMatchObject({ shown: paused, wish: null, unproved: false });
  });

  it("a box that keeps the asked revision keeps its hours by itself", () => {
    expect(standingOf(row("a", paused, online), home("in-force", 2))).toMatchObject({ shown: paused, wish: null, unproved: false });
  });

  it("nothing is in force before the box has said so", () => {
    expect(standingOf(row("a", paused, null), home("applying")).wish).toEqual(paused);
  });

  it("a revision is slow after five seconds, and lost never", () => {
    const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    expect(progressOf(2, now, home("applying"), at(1))).toBe("applying");
    expect(progressOf(2, now, home("applying"), at(6))).toBe("slow");
    expect(progressOf(2, now, home("waiting-for-box"), at(60))).toBe("waiting");
    expect(progressOf(2, now, home("applying", 2, 3), at(60))).toBe("in-force");
  });
});

describe("the proof of what was waited for", () => {
  const since = (device: DeviceRow, state: HomeState, awaited: number | null = 2) =>
    provedSince(standingOf(device, state), state, awaited);

  it("is the time of the asked revision, and nobody is told who waited for nothing", () => {
    expect(since(row("a", paused), home("in-force", 2))).toBe(now.toISOString());
    expect(since(row("a", paused), home("in-force", 3, 3))).toBe(now.toISOString());
    expect(since(row("a", paused), home("in-force", 2), null)).toBeNull();
  });

  it("is never the time of a former revision, whatever the box says of the device meanwhile", () => {
    expect(since(row("a", paused, online), home("applying"))).toBeNull();
    expect(since(row("a", paused, paused, false), home("applying"))).toBeNull();
    expect(since(row("a", paused, paused), home("applying"))).toBeNull();
    expect(since(row("a", paused, paused), home("waiting-for-box"))).toBeNull();
    expect(since(row("a", paused, paused), home("in-force", 1, 1))).toBeNull();
    expect(since(row("a", paused, paused, false), home("applying", 2))).toBeNull();
  });
});

describe("a person with several devices", () => {
  it("is one sentence, and a line for what differs", () => {
    const summary = summarise([row("a", online), row("b", paused), row("c", online)], home("in-force", 2));
    expect(summary?.main.shown).toEqual(online);
    expect(summary?.rest.map(({ row }) => row.id)).toEqual(["b"]);
    expect(summarise([], home("in-force"))).toBeNull();
  });
});

describe("what can be done now", () => {
  const target = { person: "leo" };
  const give = (part: Partial<Override>): Override => ({ id: "o1", for: target, mode: "pause", at: now.toISOString(), ...part });

  it("half an hour more counts from now where anything is offline, else from the next cut, else from a bonus", () => {
    const more = (rows: DeviceRow[], overrides: Override[] = []) => momentOf(target, rows, overrides, now).more?.toISOString();
    expect(more([row("a", online), row("b", paused)])).toBe("2026-11-23T18:30:00.000Z");
    expect(more([row("a", online)])).toBe("2026-11-23T21:00:00.000Z");
    expect(more([row("a", online)], [give({ mode: "bonus", until: "2026-11-23T21:00:00Z" })])).toBe("2026-11-23T21:30:00.000Z");
    expect(more([row("a", { ...online, changes: undefined } as unknown as Verdict)])).toBeUndefined();
  });

  it("an ended pause is none, one without end is", () => {
    expect(momentOf(target, [], [give({ until: "2026-11-23T17:00:00Z" })], now).pause).toBeNull();
    expect(momentOf(target, [], [give({})], now).pause?.id).toBe("o1");
  });

  it("a pause of the whole home is lifted as such", () => {
    const above = momentOf(target, [row("a", paused)], [give({ for: { home: true } })], now);
    expect(above.pause).toBeNull();
    expect(above.above?.id).toBe("o1");
  });
});

describe("the next night", () => {
  const cut = (from: string, to: string): Row => ({
    device: "a", from: `2026-11-${from}:00Z`, to: `2026-11-${to}:00Z`, online: false, reason: { kind: "schedule", id: "s" },
  });

  it("is the first long cut, neighbours taken together", () => {
    const night = nightOf([cut("23T18:30", "23T19:00"), cut("23T20:30", "23T23:00"), cut("23T23:00", "24T06:00")], now, "Europe/Paris");
    expect(night.bedtime?.toISOString()).toBe("2026-11-23T20:30:00.000Z");
    expect(night.morning.toISOString()).toBe("2026-11-24T06:00:00.000Z");
  });

  it("without hours ends at seven by the home's clock", () => {
    expect(nightOf([], now, "Europe/Paris")).toMatchObject({ bedtime: null, cut: null, morning: new Date("2026-11-24T06:00:00Z") });
  });
});
