import { expect, test } from "vitest";
import type { BoxQuery, HomeState, Radio } from "../api/client";
import {
  countLines, courseOf, lastHost, latencyLines, loadLines, seenIn, signalLines, sightsOf, speedLines, stationName, watchedKinds, withReport,
} from "./live";

const at = (second: number) => `2026-11-21T18:00:${String(second).padStart(2, "0")}Z`;
const ms = (second: number) => Date.parse(at(second));
const query = (kind: BoxQuery["kind"], second: number, results: object[], more: Partial<BoxQuery> = {}): BoxQuery => ({
  id: `${kind}${second}`, kind, args: {}, seconds: 30, asked: at(second), state: "done", count: results.length,
  results: results.map((data, i) => ({ seq: i + 1, data: data as Record<string, unknown> })), ...more,
});
const label = (id: string) => id;
const radio = (name: string, load: number, stations: object[] = []) => ({ name, band: "5GHz", load, stations }) as unknown as Radio;
const tv = "02:00:00:00:00:0B";

test("a report is a sight of each radio, and one that only repeats the figures before is none", () => {
  const first = sightsOf(ms(0), [radio("wlan0", -1), radio("wlan1", 20, [{ mac: tv, signal: -50, txRate: 1 }])]);
  expect(first).toEqual([{ at: ms(0), radio: "wlan0", stations: [] }, { at: ms(0), radio: "wlan1", load: 20, stations: [{ mac: tv, signal: -50 }] }]);
  const again = first.map((one) => ({ ...one, at: ms(10) }));
  expect(withReport([], first)).toEqual(first);
  expect(withReport(first, first)).toBe(first);
  expect(withReport(first, again)).toBe(first);
  const changed = sightsOf(ms(20), [radio("wlan0", -1), radio("wlan1", 40)]);
  expect(withReport(first, changed)).toEqual([...first, ...changed]);
  expect(withReport(first, [])).toBe(first);
});

test("answers say how busy a channel is and who is there, in pieces and in any order; what is none is left out", () => {
  const sights = seenIn([
    query("stations", 10, [{ radio: "wlan1", stations: [{ mac: tv, signal: -61 }] }, { radio: "wlan1", stations: [{ mac: "b", signal: 0 }, { signal: -1 }, "x"] }, {}]),
    query("survey", 5, [{ radio: "wlan1", load: 31 }, { radio: "wlan0", load: -1 }, { load: 3 }, {}]),
    query("ping", 1, [{ seq: 1, rtt: 4 }]),
  ]);
  expect(loadLines(sights, label)).toEqual([{ id: "wlan1", label: "wlan1", points: [[ms(5), 31]] }]);
  expect(countLines(sights, label)).toEqual([{ id: "wlan1", label: "wlan1", points: [[ms(10), 2]] }]);
  expect(signalLines(sights, label)).toEqual([{ id: tv, label: tv, points: [[ms(10), -61]] }]);
});

test("the stations that are heard worst come first, and only so many", () => {
  const sights = sightsOf(ms(0), [radio("wlan1", 1, [{ mac: "a", signal: -40 }, { mac: "b", signal: -80 }, { mac: "c", signal: -60 }])]);
  expect(signalLines(sights, label, 2).map(({ id }) => id)).toEqual(["b", "c"]);
});

test("latency is of the host that was asked last; a ping that nobody answered breaks the line", () => {
  const host = (name: string) => ({ args: { host: name } as never });
  const list = [
    query("ping", 30, [{ seq: 1, rtt: 6 }, { seq: 2, rtt: 8 }], { ...host("new"), state: "running" }),
    query("ping", 20, [{ seq: 1, lost: true }, { address: "n", sent: 1, received: 0 }], host("new")),
    query("ping", 10, [{ seq: 1, rtt: 4 }, { address: "n", sent: 1, received: 1, avg: 4, max: 5 }], host("new")),
    query("ping", 5, [{ seq: 1, rtt: 99 }], host("old")),
    query("ping", 2, [], { ...host("new"), error: "failed" }),
  ];
  expect(lastHost(list)).toBe("new");
  expect(latencyLines(list, label)).toEqual([
    { id: "avg", label: "avg", points: [[ms(10), 4], [ms(20), null], [ms(30), 7]] },
    { id: "max", label: "max", points: [[ms(10), 5], [ms(20), null], [ms(30), 8]] },
  ]);
  expect([lastHost([]), latencyLines([], label)]).toEqual(["", []]);
});

test("speed is what each whole measurement came to, by its direction", () => {
  const list = [
    query("speed", 20, [{ direction: "down", rate: 1 }], { state: "running" }),
    query("speed", 10, [{ direction: "up", rate: 5e6 }, { direction: "up", rate: 8e6 }]),
    query("speed", 5, [{ direction: "down", rate: 50e6 }]),
    query("speed", 1, [], { error: "busy" }),
  ];
  expect(speedLines(list, label)).toEqual([
    { id: "down", label: "down", points: [[ms(5), 50]] },
    { id: "up", label: "up", points: [[ms(10), 8]] },
  ]);
});

test("a measurement is drawn as it goes on: packets that are lost break the line, bytes become a rate of each second", () => {
  const ping = query("ping", 0, [{ seq: 1, rtt: 4 }, { seq: 2, lost: true }, { seq: 3, rtt: 5 }, { sent: 3, received: 2 }]);
  expect(courseOf(ping, "p")).toEqual([{ id: "ping", label: "p", points: [[1, 4], [2, null], [3, 5]] }]);
  const so = [{ bytes: 1e6, seconds: 1 }, { bytes: 4e6, seconds: 2 }];
  expect(courseOf(query("speed", 0, so, { state: "running" }), "s")[0]?.points).toEqual([[1, 8], [2, 24]]);
  expect(courseOf(query("speed", 0, [...so, { bytes: 4e6, seconds: 2, rate: 16e6 }]), "s")[0]?.points).toEqual([[1, 8], [2, 24]]);
  expect([courseOf(query("dns", 0, [{ rtt: 1 }]), "d"), courseOf(query("ping", 0, []), "p")]).toEqual([[], []]);
});

test("a watch asks what this box can, and repeats the ping that was asked", () => {
  const cannot = (kind: "survey" | "stations") => query(kind, 1, [], { error: "unsupported" });
  expect(watchedKinds([])).toEqual(["survey", "stations"]);
  expect(watchedKinds([cannot("survey"), cannot("stations")])).toEqual([]);
  expect(watchedKinds([cannot("survey"), query("ping", 2, [], { args: { host: "h" } as never })])).toEqual(["stations", "ping"]);
});

test("a station has the name that the home gave it, else the end of its address", () => {
  const policy = { devices: [{ id: "tv", name: "TV", kind: "tv", macs: [tv.toLowerCase()] }] } as unknown as HomeState["policy"];
  expect([stationName(tv, policy), stationName("02:00:00:00:00:0c", policy), stationName(tv, undefined)]).toEqual(["TV", "…00:0c", "…00:0B"]);
});
