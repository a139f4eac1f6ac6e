import type { BoxQuery, HomeState, Radio } from "../api/client";

/** A figure over time: where it is broken (null), somebody asked and nothing came back. */
export type Line = { id: string; label: string; points: readonly (readonly [x: number, y: number | null])[] };

type Station = { mac: string; signal: number };

/** A radio as it was seen once: in a report of the box, or in its answer to a question. What was not said is absent. */
type Sight = { at: number; radio: string; load?: number; stations?: readonly Station[] };

/** What a box has reported while somebody looked, and what its radios and stations are called. */
export type Reports = { sights: readonly Sight[]; bands: Readonly<Record<string, string>>; policy?: HomeState["policy"] };

type Asked = Pick<BoxQuery, "kind" | "asked" | "state" | "error" | "args" | "results">;
type Data = Record<string, unknown>;

const kept = 240; // points of a line: four hours of reports, or an hour of watching

const figure = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);
const words = (value: unknown) => (typeof value === "string" ? value : "");
const datas = ({ results }: Asked) => results.map(({ data }) => data as Data);
const oldestFirst = (queries: readonly Asked[]) => [...queries].sort((a, b) => Date.parse(a.asked) - Date.parse(b.asked));

/** The radios of a report. */
export function sightsOf(at: number, radios: readonly Radio[]): Sight[] {
  return radios.map(({ name, load, stations }) => ({
    at, radio: name, ...(load >= 0 ? { load } : {}), stations: stations.map(({ mac, signal }) => ({ mac, signal })),
  }));
}

/** One more report after those before. One that only repeats the figures of the one before, as most do, is none. */
export function withReport(before: readonly Sight[], next: readonly Sight[]): readonly Sight[] {
  const plain = (list: readonly Sight[]) => JSON.stringify(list.map((one) => ({ ...one, at: 0 })));
  const last = before.at(-1)?.at;
  if (next.length === 0 || next[0]?.at === last) return before;
  if (plain(before.filter(({ at }) => at === last)) === plain(next)) return before;
  return [...before, ...next].slice(-kept * 8);
}

/** What answers to `survey` and `stations` say of radios. A radio's stations may come in several pieces. */
export function seenIn(queries: readonly Asked[]): Sight[] {
  return oldestFirst(queries).flatMap((query) => {
    if (query.kind !== "survey" && query.kind !== "stations") return [];
    const by = new Map<string, Sight>();
    for (const data of datas(query)) {
      const radio = words(data.radio);
      if (radio === "") continue;
      const known = by.get(radio) ?? { at: Date.parse(query.asked), radio };
      by.set(radio, { ...known, ...pieceOf(query.kind, data, known) });
    }
    return [...by.values()];
  });
}

function pieceOf(kind: BoxQuery["kind"], data: Data, known: Sight): Partial<Sight> {
  if (kind === "stations") return { stations: [...(known.stations ?? []), ...stationsOf(data.stations)] };
  const load = figure(data.load);
  return load !== undefined && load >= 0 ? { load } : {};
}

function stationsOf(list: unknown): Station[] {
  if (!Array.isArray(list)) return [];
  return (list as Data[]).map((one) => ({ mac: words(one.mac), signal: figure(one.signal) ?? 0 })).filter(({ mac }) => mac !== "");
}

type Point = { id: string; at: number; y: number | null };

/** Lines from what was seen, oldest first, one for each name, in the order of the names. */
function linesBy<T>(list: readonly T[], of: (one: T) => Point[], label: (id: string) => string): Line[] {
  const by = new Map<string, [number, number | null][]>();
  for (const { id, at, y } of list.flatMap(of)) by.set(id, [...(by.get(id) ?? []), [at, y]]);
  return [...by]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([id, points]) => ({ id, label: label(id), points: points.sort(([a], [b]) => a - b).slice(-kept) }));
}

/** How much of its channel each radio found busy, in %. */
export function loadLines(sights: readonly Sight[], label: (radio: string) => string): Line[] {
  return linesBy(sights, ({ at, radio, load }) => (load === undefined ? [] : [{ id: radio, at, y: load }]), label);
}

/** How many stations each radio has. */
export function countLines(sights: readonly Sight[], label: (radio: string) => string): Line[] {
  return linesBy(sights, ({ at, radio, stations }) => (stations ? [{ id: radio, at, y: stations.length }] : []), label);
}

/** How well the box hears each station, in dBm; those that are heard worst first, so many at most. */
export function signalLines(sights: readonly Sight[], label: (mac: string) => string, most = 6): Line[] {
  const heard = ({ at, stations = [] }: Sight) =>
    stations.filter(({ signal }) => signal < 0).map(({ mac, signal }) => ({ id: mac, at, y: signal }));
  const newest = (line: Line) => line.points.at(-1)?.[1] ?? 0;
  return linesBy(sights, heard, label).sort((a, b) => newest(a) - newest(b)).slice(0, most);
}

const hostOf = ({ args }: Pick<BoxQuery, "args">) => words((args as Data).host);

/** Whom a ping was last sent to, "" for nobody. */
export function lastHost(queries: readonly Asked[]): string {
  const last = oldestFirst(queries).filter(({ kind }) => kind === "ping").at(-1);
  return last ? hostOf(last) : "";
}

/** The time to the host that was asked last and back, on average and at worst of each ping, in ms. */
export function latencyLines(queries: readonly Asked[], label: (which: "avg" | "max") => string): Line[] {
  const host = lastHost(queries);
  const pings = oldestFirst(queries).filter((query) => query.kind === "ping" && hostOf(query) === host && query.results.length > 0);
  const points = (which: "avg" | "max") => pings.map((query) => [Date.parse(query.asked), summaryOf(query)[which]] as const).slice(-kept);
  return pings.length === 0 ? [] : (["avg", "max"] as const).map((id) => ({ id, label: label(id), points: points(id) }));
}

/** The box's own summary, or what has come so far. */
function summaryOf(query: Asked): { avg: number | null; max: number | null } {
  const last = datas(query).at(-1) ?? {};
  if ("sent" in last) return { avg: figure(last.avg) ?? null, max: figure(last.max) ?? null };
  const times = datas(query).flatMap(({ rtt }) => figure(rtt) ?? []);
  if (times.length === 0) return { avg: null, max: null };
  return { avg: times.reduce((sum, ms) => sum + ms, 0) / times.length, max: Math.max(...times) };
}

/** What each measurement of the line's speed came to, in Mbit/s. */
export function speedLines(queries: readonly Asked[], label: (direction: "down" | "up") => string): Line[] {
  const told = oldestFirst(queries).filter(({ kind, state, results }) => kind === "speed" && state === "done" && results.length > 0);
  const one = (query: Asked) => {
    const last = datas(query).at(-1) ?? {};
    const rate = figure(last.rate);
    return rate === undefined ? [] : [{ id: last.direction === "up" ? "up" : "down", at: Date.parse(query.asked), y: rate / 1e6 }];
  };
  return linesBy(told, one, (id) => label(id as "down" | "up"));
}

/** One measurement as it goes on: each packet of a ping, each second of a speed test. None of others. */
export function courseOf({ kind, state, results }: Pick<Asked, "kind" | "state" | "results">, label: string): Line[] {
  const all = results.map(({ data }) => data as Data);
  const points = kind === "ping" ? packets(all) : kind === "speed" ? seconds(state === "running" ? all : all.slice(0, -1)) : [];
  return points.length === 0 ? [] : [{ id: kind, label, points }];
}

function packets(all: readonly Data[]): [number, number | null][] {
  return all.flatMap(({ seq, rtt, lost }) => {
    const number = figure(seq);
    return number === undefined ? [] : [[number, lost === true ? null : (figure(rtt) ?? null)]];
  });
}

/** The box counts from the first byte; what came in a second is the difference. */
function seconds(all: readonly Data[]): [number, number][] {
  return all.flatMap((data, i) => {
    const [bytes, at] = [figure(data.bytes) ?? 0, figure(data.seconds) ?? 0];
    const [before, since] = [figure(all[i - 1]?.bytes) ?? 0, figure(all[i - 1]?.seconds) ?? 0];
    return at > since ? [[at, ((bytes - before) * 8) / (at - since) / 1e6]] : [];
  });
}

/** What a watch asks again and again: not what this box cannot, and a ping only to whom one was sent before. */
export function watchedKinds(queries: readonly Asked[]): ("survey" | "stations" | "ping")[] {
  const newest = (kind: BoxQuery["kind"]) => oldestFirst(queries).filter((query) => query.kind === kind).at(-1);
  const radios = (["survey", "stations"] as const).filter((kind) => newest(kind)?.error !== "unsupported");
  return lastHost(queries) === "" ? radios : [...radios, "ping"];
}

/** What the picture of a station is called in a list: its name, or the end of its address. */
export function stationName(mac: string, policy: HomeState["policy"] | undefined): string {
  const own = policy?.devices?.find(({ macs }) => macs.includes(mac.toLowerCase()));
  return own?.name ?? `…${mac.slice(-5)}`;
}
