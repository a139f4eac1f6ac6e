import type { DeviceRow, Radio, Reservation } from "../api/client";
import { limitWords } from "../change/problem";
import { scheduleName } from "../home/sentence";
import { standingOf, unnamedOf } from "../home/standing";
import { twinOf } from "../home/twin";
import type { Home } from "../shell/HomeContext";
import { dateOf, moment } from "../time/words";
import { decibels, mega, megabits } from "../tv/rate";
import { type Joined, joinedAs, namesOf, retriesOf, strengthOf } from "../tv/who";
import { whyWords } from "../tv/why";
import { bandWords } from "../tv/words";
import type { Fact } from "./tree";
import type { Found, Subject } from "./walk";

export type Known = Pick<Home, "state" | "words" | "line">;
type About = Known & { row: DeviceRow | undefined; joined: Joined | null; subject: Subject };
type Look = (about: About) => Found;

/** A line slower than this is slow whatever the Wi-Fi does. */
const slowLine = 10 * mega;
const crowded = 60; // % of the air time
const disturbed = 20; // % of the frames
const recent = 60 * 60_000;

/** What lets traffic pass by the rules, or makes a proof impossible. */
const leaks = ["no-ip6tables", "no-conntrack", "flow-offload", "mark-conflict", "wan-open", "devices-left-out", "refusals-left-out"];

const found = (answer: string, values?: Record<string, string>): Found => (values ? { answer, values } : { answer });

const when = ({ words }: Known, at: string | null | undefined) =>
  at ? moment(new Date(at), words.now, words.reader) : words.t("guide.later");

export function rowOf({ state }: Pick<Known, "state">, key: string | undefined): DeviceRow | undefined {
  return state.devices.find((row) => (row.id ?? row.mac) === key);
}

export function look(fact: Fact, known: Known, subject: Subject): Found {
  const row = rowOf(known, subject.device);
  const joined = row ? joinedAs({ id: "", name: "", kind: "", macs: [row.mac.toLowerCase(), ...macsOf(known, row)] }, known.state.radios) : null;
  return facts[fact]({ ...known, row, joined, subject });
}

function macsOf({ state }: Known, row: DeviceRow): string[] {
  return state.policy.devices?.find(({ id }) => id === row.id)?.macs ?? [];
}

/** One for each word of the vocabulary, from what the app has of the box already. */
const facts: Record<Fact, Look> = {
  box: (about) => {
    const { box } = about.state;
    if (!box) return found("none");
    if (about.line === "offline" || about.line === "away") return found("unknown");
    return box.reachable ? found("reachable") : found("away", { time: when(about, box.lastSeen ?? about.state.asked.at) });
  },
  line: ({ state, words }) => {
    const down = state.line?.down ?? 0;
    if (down === 0) return found("unknown");
    return found(down < slowLine ? "slow" : "fast", { rate: megabits(down, words.reader) });
  },
  radios: (about) => {
    const { radios, box } = about.state;
    if (radios.length === 0) return found(box?.reportedAt ? "none" : "unknown");
    const silent = radios.find(({ state }) => state === "radar-check");
    if (silent) return found("silent", { time: when(about, silent.until) });
    return found(radios.some(({ state }) => state === "down") ? "down" : "up");
  },
  radar: (about) => {
    const { state: { radios }, words: { now, reader } } = about;
    if (radios.length === 0) return found("unknown");
    const today = dateOf(now, reader.zone);
    const all = radios.flatMap(({ radar }) => radar.map(({ at }) => at));
    const times = new Set(all.filter((at) => dateOf(new Date(at), reader.zone) === today)); // one detection may close many channels
    const last = [...times].sort().at(-1);
    return last ? found("heard", { n: String(times.size), time: when(about, last) }) : found("none");
  },
  air: ({ state: { radios }, joined, words: { reader } }) => {
    const busiest = radios.reduce<Radio | undefined>((most, radio) => (radio.load > (most?.load ?? -1) ? radio : most), undefined);
    const radio = joined?.radio ?? busiest;
    if (!radio || radio.load < 0) return found("unknown");
    return found(radio.load >= crowded ? "busy" : "calm", { n: String(radio.load), band: bandWords(radio.band, reader) });
  },
  signal: ({ state, row, joined }) => {
    if (joined) {
      const strength = strengthOf(joined.station.signal);
      return strength === "unknown" ? found("unknown") : found(strength, { n: decibels(joined.station.signal) });
    }
    if (!row || state.radios.length === 0) return found("unknown");
    return found(row.present ? "wired" : "away");
  },
  retries: ({ joined }) => {
    const share = joined ? retriesOf(joined.station) : null;
    if (share === null) return found("unknown");
    return found(share >= disturbed ? "many" : "few", { n: String(share) });
  },
  band: ({ state, joined }) => {
    if (!joined) return found("unknown");
    const better = state.radios.some((radio) => radio.band === "5GHz" && radio.state === "up");
    return found(joined.radio.band === "2.4GHz" && better ? "slow" : "fast");
  },
  joined: (about) => {
    const since = about.joined?.station.since;
    if (!since) return found("unknown");
    const young = about.words.now.getTime() - Date.parse(since) < recent;
    return young ? found("recently", { time: when(about, since) }) : found("long-ago");
  },
  present: ({ row }) => found(row ? (row.present ? "here" : "away") : "unknown"),
  verdict,
  proof: ({ state, row }) => {
    if (!row?.inForce) return found("unknown");
    if (state.delivery !== "in-force") return found("waiting");
    return found(row.inForce.proved ? "proved" : "unproved");
  },
  kept,
  barred,
  hours: ({ state, subject }) => {
    const own = (state.policy.schedules ?? []).filter((rule) => rule.for.home || rule.for.person === subject.person);
    return own.length > 0 ? found("some", { n: String(own.length) }) : found("none");
  },
  strangers: ({ state }) => {
    if (!state.box?.reportedAt) return found("unknown");
    const here = unnamedOf(state).filter(({ present }) => present).length;
    return here > 0 ? found("some", { n: String(here) }) : found("none");
  },
  "strangers-rule": ({ state }) => found(state.policy.unknown),
  "known-again": ({ state, row }) => {
    const twin = row && twinOf(row, state);
    return twin ? found("found", { other: twin.name }) : found("none");
  },
  bypass: ({ state, words }) => {
    if (!state.box) return found("unknown");
    const leak = state.box.limitations.find(({ code }) => leaks.includes(code));
    return leak ? found("found", { reason: limitWords(leak.code, words.t) }) : found("none");
  },
  clock: ({ state }) => {
    const clock = state.box?.clock;
    return found(clock ? (clock.synchronised ? "right" : "wrong") : "unknown");
  },
};

const offline = {
  pause: "pause", schedule: "hours", exception: "special-day", budget: "budget", refused: "refused", unknown: "unnamed",
} as const;

function verdict(about: About): Found {
  const { row, state, words } = about;
  if (!row) return found("unknown");
  const { shown } = standingOf(row, state);
  const { kind, id } = shown.reason;
  if (shown.online) return kind === "bonus" ? found("bonus", { time: when(about, shown.until) }) : found("online");
  if (kind === "bonus" || kind === "allowed") return found("unknown");
  const rule = scheduleName(state.policy.schedules?.find((one) => one.id === id), words);
  return found(offline[kind], { time: when(about, shown.changes ?? shown.until), rule });
}

/** A place that is kept for the device: what the box says of it. */
function kept(about: About): Found {
  const { row, state, words } = about;
  const asked = (state.policy.reservations ?? []).find(({ devices }) => row?.id && devices.includes(row.id));
  if (!asked) return found("none");
  const hold = state.reservations.find(({ id }) => id === asked.id)?.inForce;
  if (!hold) return found("unknown");
  const floor = hold.floorDown ?? 0;
  switch (hold.state) {
    case "in-force":
      return floor > 0 ? found("kept", { rate: megabits(floor, words.reader) }) : found("none");
    case "idle":
      return found("none");
    case "moved":
      return found("moved", { time: when(about, hold.returns) });
    case "refused":
    case "rolled-back":
    case "partly":
      return found("failed", { reason: whyWords(hold.why ?? "", words.t) });
    case "applying":
    case "delayed":
    case "checking":
      return found("unknown");
  }
}

/** Places of others that keep this device off a radio. */
export function barriers({ state }: Pick<Known, "state">, row: DeviceRow | undefined): { radio: Radio; by: Reservation }[] {
  const exclusive = (state.policy.reservations ?? []).filter((one) => one.exclusive && !(row?.id && one.devices.includes(row.id)));
  return state.radios.flatMap((radio) => {
    const by = exclusive.find(({ band }) => band === radio.band);
    const closed = radio.bsses.length > 0 && radio.bsses.every((bss) => bss.exclusive);
    return by && closed ? [{ radio, by }] : [];
  });
}

function barred({ state, row, words }: About): Found {
  if (state.radios.length === 0) return found("unknown");
  const closed = barriers({ state }, row);
  if (closed.length === 0) return found("none");
  const devices = [...new Set(closed.flatMap(({ by }) => by.devices))];
  const other = namesOf(devices, state.policy, words.reader, words.t("activity.someone"));
  return found(closed.length === state.radios.filter((radio) => radio.state === "up").length ? "all" : "some", { other });
}
