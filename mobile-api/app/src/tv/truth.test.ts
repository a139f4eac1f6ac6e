import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import i18next, { type TFunction } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { Hold, HomeState, Reservation } from "../api/client";
import en from "../i18n/en";
import fr from "../i18n/fr";
import { keptNow, leftFor, megabits } from "./rate";
import { truthOf } from "./truth";
import { whyWords } from "./why";

const agent = resolve(import.meta.dirname, "../../../../agent");

const now = new Date("2026-11-21T18:00:00Z");
const asked: Reservation = { id: "tv", devices: ["tv"], band: "5GHz", channel: 44, width: 80, floorDown: 25_000_000, windows: [] };
const state: HomeState = {
  home: { id: "h", name: "" },
  asked: { revision: 2, at: "2026-11-21T17:02:00Z", actor: { member: "", name: "", from: "" }, change: { code: "", subject: "" } },
  inForce: null, box: null, delivery: "applying", devices: [], radios: [], line: { down: 100_000_000, up: 20_000_000 }, reservations: [],
  policy: {
    zone: "Europe/Paris", unknown: "allow", effect: "no-internet", reservations: [asked],
    devices: [{ id: "tv", name: "Samsung", kind: "tv", macs: ["02:00:00:00:00:0c"] }],
  },
};
const held: Hold = { id: "tv", state: "in-force", channel: 44, width: 80, floorDown: 25_000_000, since: "2026-11-21T17:02:00Z" };

describe.each(["en", "fr"] as const)("in %s", (language) => {
  let t: TFunction<"words">;
  beforeAll(async () => {
    await i18next.init({ lng: language, ns: ["words"], defaultNS: "words", fallbackLng: false, interpolation: { escapeValue: false } });
    i18next.addResourceBundle(language, "words", language === "fr" ? fr : en);
    t = i18next.getFixedT(language, "words");
  });
  const say = (hold: Partial<Hold> | null, reservation: Reservation | undefined = asked, more: Partial<HomeState> = {}, live = true) => {
    const reader = { language, locale: language === "fr" ? "fr-FR" : "en-GB", zone: "Europe/Paris" };
    const row = { id: "tv", asked: true, live, changes: "2026-11-22T17:00:00Z", inForce: hold && { ...held, ...hold } };
    return truthOf(row, reservation, { t, reader, now, policy: state.policy, state: { ...state, ...more } });
  };
  const back = "2026-11-21T18:31:00Z";

  it("every state is a sentence of its own that leaves nothing out", () => {
    const said = [
      say(null), say(null, asked, { delivery: "waiting-for-box" }), say(null, asked, { delivery: "refused" }), say(null, asked, { delivery: "no-box" }),
      say({}), say({ channel: 0 }), say({ floorDown: 0 }), say({ state: "idle" }, asked, {}, false), say({ state: "moved", why: "radar", channel: 36, returns: back }),
      say({ state: "moved", why: "radar", channel: 36 }), say({ state: "moved", why: "tv-lost", returns: back }), say({ state: "moved", why: "tv-lost" }),
      say({ state: "applying" }, { ...asked, band: "" }), say({ state: "applying", returns: back }), say({ state: "delayed" }), say({ state: "checking" }),
      say({ state: "rolled-back", channel: 36 }), say({ state: "rolled-back", channel: 36 }, { ...asked, channel: 0 }),
      say({ state: "rolled-back", why: "cloud-lost", channel: 36 }), say({ state: "refused", why: "floors-too-high" }), say({ state: "refused", why: "line-unknown" }),
      say({ state: "refused", why: "of-tomorrow" }), say({ state: "partly", channel: 0, why: "radio-missing" }), say({ state: "partly", floorDown: 0 }),
      say({ state: "partly", floorDown: 0, channel: 0 }, { ...asked, band: "" }), say({ state: "partly", why: "tv-elsewhere" }),
      say({ state: "partly", channel: 0, floorDown: 0, why: "no-channel" }), say({ state: "partly", floorDown: 5_000_000, why: "floors-too-high" }),
      say({ state: "applying", why: "waiting-for-tv" }), say({ state: "applying", why: "steering" }),
      say({ state: "rolled-back", why: "switch-refused", channel: 36 }),
    ].map(({ text }) => text);
    expect(new Set(said).size).toBe(said.length);
    expect(said.filter((text) => /\{\{|undefined|NaN|tv\.|why\.\w/.test(text) || text === "")).toEqual([]);
  });

  it("every reason that a box may give has words", () => {
    const sources = ["radio/trial.go", "reconcile/hold.go", "shaping/shaping.go"].map((file) => readFileSync(resolve(agent, file), "utf8"));
    const codes = sources.flatMap((text) => [...text.matchAll(/^\s*(?:why\w+|[A-Z]\w+)\s*=\s*"([a-z-]+)"/gm)].map((match) => match[1] ?? ""));
    expect(codes.length).toBeGreaterThan(18);
    expect(codes.filter((code) => whyWords(code, t).includes(`(${code})`))).toEqual([]);
  });

  it("what is asked is not said to be kept before the box has said so", () => {
    expect(say(null).tone).toBe("applying");
    expect(say({ state: "idle" })).toEqual(say(null)); // its window has begun since the box spoke
    expect(say({}).tone).toBe("online");
    expect(truthOf({ id: "x", asked: false, live: false, changes: null, inForce: held }, undefined, {
      t, reader: { language, locale: language, zone: "Europe/Paris" }, now, policy: state.policy, state,
    }).tone).toBe("applying");
  });

  it("names channel, device, since when and how much", () => {
    const { text } = say({});
    for (const part of ["44", "Samsung", "18:02", "25"]) expect(text).toContain(part);
    const moved = say({ state: "moved", why: "radar", channel: 36, returns: back });
    for (const part of ["36", "19:31"]) expect(moved.text).toContain(part);
  });
});

describe("the line", () => {
  it("keeps a fifth for everybody, and what others have", () => {
    const always = (id: string) => ({ id, spans: [] });
    expect(leftFor(state, always("other"))).toEqual({ down: 55_000_000, up: 16_000_000 });
    expect(leftFor(state, always("tv"))).toEqual({ down: 80_000_000, up: 16_000_000 });
    expect(leftFor({ ...state, line: null }, always("tv"))).toEqual({ down: 0, up: 0 });
    expect(leftFor({ ...state, line: { down: 1_000_000, up: 0 } }, always("other")).down).toBe(0);
  });

  it("counts only what is kept at the same time, over midnight and the week's end as well", () => {
    const sunday = { ...asked, windows: [{ days: ["Sunday" as const], start: "22:00", duration: 4 * 3600 }] };
    const two = [sunday, { ...sunday, id: "play", windows: [{ days: ["Monday" as const], start: "01:00", duration: 3600 }] }];
    const busy = { line: state.line, policy: { ...state.policy, reservations: two } };
    const at = (start: number, end: number) => leftFor(busy, { id: "new", spans: [{ days: ["Monday"], start, end }] }).down;
    expect([at(0, 60), at(60, 61), at(120, 180)]).toEqual([55_000_000, 30_000_000, 80_000_000]);
  });

  it("is kept only where the box says so", () => {
    const row = (state: Hold["state"]) => ({ id: "tv", asked: true, live: true, changes: null, inForce: { ...held, state } });
    expect(keptNow([row("in-force"), row("moved"), row("refused"), row("idle"), { ...row("idle"), inForce: null }])).toBe(50_000_000);
  });

  it("says small rates with a digit", () => {
    expect(megabits(25_000_000, { locale: "fr-FR" })).toBe("25");
    expect(megabits(500_000, { locale: "fr-FR" })).toBe("0,5");
  });
});
