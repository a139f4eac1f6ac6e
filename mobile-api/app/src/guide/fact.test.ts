import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import terms from "../../../../policies/guides/vocabulary.json";
import type { HomeState } from "../api/client";
import en from "../i18n/en";
import { candidatesOf, meant, subjectNames } from "./choice";
import { seenNow } from "./evidence";
import { type Known, look } from "./fact";
import { findingsOf } from "./finding";
import { proposalOf } from "./fix";
import { say } from "./say";
import { type Fact, type Guide, guideOf, guides, type Node } from "./tree";
import type { Step } from "./walk";

const now = new Date("2026-11-22T18:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const online = { online: true, reason: { kind: "allowed", id: "" } };
const paused = { online: false, reason: { kind: "pause", id: "o1" } };

const device = (id: string, kind: string, person = "", verdict: object = online) => ({
  id, mac: `02:00:00:00:00:0${id.length}`, name: id, hostname: "", kind, person, present: true, asked: verdict, inForce: { verdict, proved: true, why: "" },
});
const stranger = { id: null, mac: "fa:5e:00:00:00:02", name: "", hostname: "leos-phone", kind: "", person: "", present: true, asked: online, inForce: null };
const station = (mac: string, signal: number) => ({
  mac, interface: "wlan1", signal, txRate: 1, rxRate: 1, retries: 5000, failed: 0, packets: 10_000, since: ago(20),
});
const radio = (over: object = {}) => ({
  name: "wlan1", band: "5GHz", country: "FR", channels: [], channel: 44, width: 80, state: "up", load: 70, radar: [], stations: [],
  bsses: [{ interface: "wlan1", bssid: "b", ssid: "Home", exclusive: false }], ...over,
});

function known(over: object = {}, line: Known["line"] = "live"): Known {
  const policy = {
    zone: "Europe/Paris", unknown: "quarantine", people: [{ id: "leo", name: "Léo" }],
    devices: [{ id: "tv", name: "tv", kind: "tv", macs: ["02:00:00:00:00:02"] }, { id: "phone", name: "phone", kind: "phone", person: "leo", macs: ["02:00:00:00:00:05"] }],
    overrides: [{ id: "o1", for: { person: "leo" }, mode: "pause", at: ago(5) }],
  };
  const state = {
    home: { id: "h", name: "" }, asked: { revision: 2, at: ago(5) }, inForce: { revision: 2, at: ago(5) }, delivery: "in-force",
    box: { id: "b", reachable: true, lastSeen: ago(0), reportedAt: ago(0), refused: null, clock: { synchronised: true, rule: "keep-last" }, limitations: [] },
    policy, devices: [device("tv", "tv"), device("phone", "phone", "leo", paused), stranger], radios: [], line: null, reservations: [], ...over,
  } as unknown as HomeState;
  const reader = { language: "en", locale: "en-GB", zone: "Europe/Paris" } as const;
  return { state, line, words: { t: i18next.t, reader, now, policy: state.policy } as Known["words"] };
}

const withTv = (signal: number, more: object = {}) => ({
  radios: [radio({ stations: [station("02:00:00:00:00:02", signal)], ...more })], line: { down: 100_000_000, up: 1, source: "measured" },
});

beforeAll(async () => {
  await i18next.init({ lng: "en", ns: ["words"], defaultNS: "words", resources: { en: { words: en } }, interpolation: { escapeValue: false } });
});

describe("facts", () => {
  const tv = { device: "tv" };
  it.each([
    ["box", known(), {}, "reachable"], ["box", known({ box: null }), {}, "none"], ["box", known({}, "offline"), {}, "unknown"],
    ["verdict", known(), { device: "phone" }, "pause"], ["verdict", known(), tv, "online"], ["proof", known(), { device: "phone" }, "proved"],
    ["proof", known({ delivery: "waiting-for-box" }), tv, "waiting"],
    ["signal", known(), tv, "unknown"], ["signal", known(withTv(-50)), tv, "strong"], ["signal", known(withTv(-81)), tv, "weak"],
    ["signal", known({ radios: [radio()] }), tv, "wired"], ["retries", known(withTv(-50)), tv, "many"], ["joined", known(withTv(-50)), tv, "recently"],
    ["band", known({ radios: [radio({ band: "2.4GHz", stations: [station("02:00:00:00:00:02", -60)] }), radio()] }), tv, "slow"],
    ["air", known({ radios: [radio()] }), {}, "busy"], ["air", known({ radios: [radio({ load: -1 })] }), {}, "unknown"],
    ["line", known({ line: { down: 5_000_000, up: 1 } }), {}, "slow"], ["line", known(), {}, "unknown"],
    ["radios", known(), {}, "none"], ["radios", known({ radios: [radio({ state: "radar-check", until: ago(-1) })] }), {}, "silent"],
    ["radar", known({ radios: [radio({ radar: [{ channel: 52, at: ago(30), until: ago(0) }, { channel: 56, at: ago(30), until: ago(0) }] })] }), {}, "heard"],
    ["strangers", known(), {}, "some"], ["strangers-rule", known(), {}, "quarantine"], ["hours", known(), { person: "leo" }, "none"],
    ["known-again", known(), { device: stranger.mac }, "none"], ["kept", known(), tv, "none"], ["clock", known(), {}, "right"], ["bypass", known(), {}, "none"],
  ] as [Fact, Known, object, string][])("%s", (fact, at, subject, want) => {
    expect(look(fact, at, subject).answer).toBe(want);
  });

  it("have only outcomes and values that the vocabulary has, whatever the home is like", () => {
    const away = { id: "b", reachable: false, lastSeen: null, reportedAt: null, refused: null, clock: null, limitations: [{ code: "flow-offload", detail: "" }] };
    const barred = { radios: [radio({ bsses: [{ interface: "w", bssid: "b", ssid: "H", exclusive: true }] })] };
    const homes = [known(), known({ box: null }), known({ box: away, devices: [], radios: [] }), known(withTv(-81)), known(barred), known({}, "away")];
    const subjects = [{}, { device: "tv" }, { device: "phone", person: "leo" }, { device: stranger.mac }, { device: "gone", person: "gone" }];
    const all = Object.entries(terms.facts) as [Fact, { outcomes: string[]; values?: string[] }][];
    const cases = homes.flatMap((at) => subjects.flatMap((subject) => all.map(([name, term]) => ({ at, subject, name, term }))));
    for (const { at, subject, name, term } of cases) {
      const { answer, values = {} } = look(name, at, subject);
      expect(term.outcomes, name).toContain(answer);
      for (const value of Object.keys(values)) expect(term.values ?? [], `${name} ${answer}`).toContain(value);
    }
  });

  it("name every value that the sentence of their outcome has", () => {
    const homes = [known(), known(withTv(-81)), known({ radios: [radio()], line: { down: 1, up: 1 } })];
    const checks = guides.flatMap(({ nodes }) => nodes.filter(({ fact }) => fact));
    const subject = { device: "tv", person: "leo" };
    for (const { at, node } of homes.flatMap((at) => checks.map((node) => ({ at, node })))) {
      const { answer, values } = look(node.fact as Fact, at, subject);
      const said = node.answers?.find(({ id }) => id === answer)?.say ?? { en: "", fr: "" };
      const names = { ...subjectNames(at, subject), ...values };
      expect(say(said, "en", names) + say(said, "fr", names), node.id).not.toContain("…");
    }
  });
});

describe("fixes", () => {
  const fix = (name: string, args: object = {}) => ({ id: "f", kind: "fix", fix: name, args }) as Node;
  const label = (proposal: ReturnType<typeof proposalOf>) => (typeof proposal === "object" && proposal && "wish" in proposal ? proposal.wish.label : proposal);
  const tv = { device: "tv" };

  it("are proposed only where they change something", () => {
    expect(label(proposalOf("h", fix("resume"), known(), { device: "phone" }))).toBe("Léo resumed");
    for (const name of ["resume", "lift", "allow", "release"]) expect(proposalOf("h", fix(name), known(), tv), name).toBe("done");
    expect(proposalOf("h", fix("join"), known(), tv)).toBeNull();
    expect(label(proposalOf("h", fix("school-nights"), known(), { person: "leo" }))).toBe("School nights for Léo");
    expect(proposalOf("h", fix("name"), known(), { device: stranger.mac })).toMatchObject({ name: { mac: stranger.mac } });
  });

  it("say what exactly will be set, and never more than the line has", () => {
    const reserve = fix("reserve", { down: 25_000_000, where: "line" });
    expect(proposalOf("h", reserve, known(), tv)).toBeNull(); // a line of unknown rate
    const lines = (at: Known) => (proposalOf("h", reserve, at, tv) as { lines: string[] }).lines.join(" ");
    expect(lines(known(withTv(-50)))).toContain("25\u00a0Mbit/s");
    expect(lines(known({ line: { down: 20_000_000, up: 1 } }))).toContain("16\u00a0Mbit/s");
    expect(lines(known(withTv(-50)))).toContain("no channel");
    const both = proposalOf("h", fix("reserve", { down: 25_000_000, where: "line-and-channel" }), known(withTv(-50)), tv) as { lines: string[] };
    expect(both.lines.join(" ")).toContain("best channel");
  });
});

it("who is meant is not asked where there is one, unless anything may be it", () => {
  expect(meant("tv", candidatesOf("tv", known(), {}))?.key).toBe("tv");
  expect(meant("person", candidatesOf("person", known(), {}))?.key).toBe("leo");
  expect(meant("own", candidatesOf("own", known(), { person: "leo" }))?.key).toBe("phone");
  expect(meant("device", candidatesOf("device", known(), {}))).toBeNull();
  expect(candidatesOf("unnamed", known(), {}).map(({ name }) => name)).toEqual(["leos-phone"]);
});

it("what the box sees by itself comes first, three at most", () => {
  const seen = seenNow(known(withTv(-81)), "en");
  expect(seen.map(({ guide }) => guide)).toEqual(["tv-freezes", "tv-freezes", "new-phone"]);
  expect(seen[0]?.text).toMatch(/lost the Wi-Fi and joined again at 18:40/);
  expect(seenNow(known({ policy: { ...known().state.policy, unknown: "allow" } }), "en")).toEqual([]);
});

it("a person is told what was asked and found, in the customer's words", () => {
  const guide = guideOf("tv-freezes") as Guide;
  const at = known(withTv(-81));
  const trail: Step[] = [
    { guide: guide.id, node: "tv", answer: "chosen", subject: "tv", values: { device: "Telly" }, at: "" },
    { guide: guide.id, node: "signal", answer: "weak", values: { n: "−81" }, at: "", alone: true },
    { guide: guide.id, node: "place", answer: "dont-know", at: "" },
    { guide: guide.id, node: "reserve", answer: "asked", at: "" },
  ];
  const names = subjectNames(at, { device: "tv" });
  const found = findingsOf(guide, { guide: guide.id, node: "holds", subject: { device: "tv" }, trail }, names, "fr");
  expect(found.map(({ answer, result }) => answer ?? result)).toEqual([
    "Telly", "La box entend mal tv (−81 dBm)\u00a0: trop loin, ou trop de murs.", "Je ne sais pas", "Fait",
  ]);
  expect(found[0]?.question).toMatch(/^Laquelle/);
  expect(found.every(({ question }) => question.length <= 300)).toBe(true);
});

it("a check that says nothing to the customer has words for a person all the same, unless nothing is known", () => {
  const checks = guides.flatMap((guide) => guide.nodes.filter(({ kind }) => kind === "check").map((node) => ({ guide, node })));
  for (const { guide, node } of checks) {
    const trail = (node.answers ?? []).map(({ id }) => ({ guide: guide.id, node: node.id, answer: id, at: "" }));
    for (const language of ["en", "fr"] as const) {
      const found = findingsOf(guide, { guide: guide.id, node: node.id, subject: {}, trail }, {}, language);
      const bare = found.filter(({ result = "" }) => /^[a-z-]*$/.test(result));
      expect(bare.every(({ result }) => result === "unknown"), `${guide.id} ${node.id}`).toBe(true);
    }
  }
});
