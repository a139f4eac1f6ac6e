import type { eventWithTime } from "@rrweb/types";
import i18next from "i18next";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { decode, kindKey } from "./frame";
import { type Recording, type Sink, startRecorder } from "./recorder";

type Emit = (event: eventWithTime) => void;

/** What rrweb does, as far as the recorder knows it: a picture at once, one at each wish, none after it was stopped. */
const rrweb = vi.hoisted(() => ({ begun: 0, live: null as ((event: eventWithTime) => void) | null, nodes: 1, known: -1 }));
vi.mock("@rrweb/record", () => {
  const snapshot = () => {
    const childNodes = Array.from({ length: rrweb.nodes }, (_, n) => ({ type: 3, id: n + 2, textContent: "Settings" }));
    rrweb.live?.({ type: 4, timestamp: 1, data: { href: "https://house.example/", width: 390, height: 844 } } as eventWithTime);
    const node = { type: 0, id: 1, childNodes };
    rrweb.live?.({ type: 2, timestamp: 1, data: { node, initialOffset: { top: 0, left: 0 } } } as unknown as eventWithTime);
  };
  const record = Object.assign(({ emit }: { emit: Emit }) => {
    rrweb.begun += 1;
    rrweb.live = emit;
    snapshot();
    return () => {
      rrweb.live = null;
    };
  }, { takeFullSnapshot: snapshot, mirror: { getNode: () => null, getId: () => rrweb.known } });
  return { record };
});

let elements = 10;
let recording: Recording | null = null;
const sights: string[] = [];
const keys: number[] = [];
const sink: Sink = {
  send: (frame) => {
    const head = decode(frame)?.head;
    if (head?.kind === kindKey && head.part === 0) keys.push(head.epoch);
  },
  waiting: () => 0,
  sight: (blind) => sights.push(blind),
};
const begin = () => (recording = startRecorder(sink, 1));
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 50 });

beforeAll(async () => {
  await i18next.init({ lng: "en", ns: ["words"], defaultNS: "words", resources: { en: { words: { a: "Settings" } } } });
});

vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "Date"] });
  vi.stubGlobal("document", { getElementsByTagName: () => ({ length: elements }) });
  [elements, rrweb.begun, rrweb.live, rrweb.nodes] = [10, 0, null, 1];
  sights.length = 0;
  keys.length = 0;
});

afterEach(() => {
  recording?.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("says that there is a picture as one is sent", async () => {
  begin();
  await until(() => expect(keys).toEqual([1]));
  expect(sights).toEqual([""]);
});

it("does not look at a page that is too big, and does as soon as it no longer is", async () => {
  elements = 9_001;
  begin();
  expect([rrweb.begun, sights]).toEqual([0, ["big"]]);
  elements = 9_000;
  await until(() => expect(keys).toEqual([1]));
  expect(rrweb.begun).toBe(1);
  expect(sights.at(-1)).toBe("");
});

it("stops looking at a page that has become too big", async () => {
  begin();
  await until(() => expect(keys).toEqual([1]));
  elements = 20_000;
  recording?.key();
  await until(() => expect(sights.at(-1)).toBe("big"));
  expect(rrweb.live).toBeNull();
  elements = 10;
  await until(() => expect(sights.at(-1)).toBe(""));
  expect(keys).toEqual([1, 2]); // the count goes on: a picture of before is never taken for one of now
});

it("rests after a picture that could not be sent", async () => {
  rrweb.nodes = 20_001; // more than scrub lets pass
  begin();
  await until(() => expect(sights).toEqual(["big"]));
  const tries = rrweb.begun;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(rrweb.begun).toBe(tries);
  rrweb.nodes = 1;
  await until(() => expect(sights.at(-1)).toBe(""));
});

it("says that the browser cannot, and leaves the page alone", async () => {
  vi.stubGlobal("CompressionStream", undefined);
  begin();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(new Set(sights)).toEqual(new Set(["browser"]));
  expect(rrweb.begun).toBe(0);
});

it("hides what comes back before it is looked at, and looks anew where it was looked at already", async () => {
  let mutate: () => void = () => undefined;
  const watched: unknown[] = [];
  vi.stubGlobal("MutationObserver", class {
    constructor(callback: () => void) {
      expect(rrweb.begun).toBe(0); // it is told first
      mutate = callback;
    }
    observe = (root: unknown) => watched.push(root);
    disconnect = () => watched.pop();
  });
  let marked: Element[] = [];
  let marks = 0;
  const unseen = { mark: () => ((marks += 1), marked) };
  recording = startRecorder(sink, 1, unseen);
  expect([marks, watched.length]).toEqual([1, 1]);
  await until(() => expect(keys).toEqual([1]));
  mutate();
  marked = [{} as Element];
  rrweb.known = -1; // rrweb has not seen it yet
  mutate();
  expect(rrweb.begun).toBe(1);
  rrweb.known = 7;
  mutate();
  expect(rrweb.begun).toBe(2);
  await until(() => expect(keys).toEqual([1, 2]));
  recording.stop();
  expect(watched).toEqual([]);
});

it("looks anew at once where the customer has hidden something", async () => {
  begin();
  await until(() => expect(keys).toEqual([1]));
  recording?.again();
  expect(rrweb.begun).toBe(2);
  await until(() => expect(keys).toEqual([1, 2]));
});

it("says nothing once it was stopped", async () => {
  begin();
  recording?.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([keys, sights]).toEqual([[], []]);
});

it("tells what happens while a picture is packed that heals a gap", async () => {
  const heads: [number, number][] = [];
  let waiting = 0;
  const send = (frame: Uint8Array) => {
    const head = decode(frame)?.head;
    if (head) heads.push([head.epoch, head.seq]);
  };
  const say = (value: string) => {
    const data = { source: 0, texts: [{ id: 2, value }], attributes: [], removes: [], adds: [] };
    rrweb.live?.({ type: 3, timestamp: 1, data } as unknown as eventWithTime);
  };
  recording = startRecorder({ ...sink, send, waiting: () => waiting }, 1);
  await until(() => expect(heads).toEqual([[1, 0]]));
  waiting = 1e6; // the line takes no more
  say("lost");
  vi.advanceTimersByTime(300);
  waiting = 0;
  const epoch = recording.epoch();
  while (recording.epoch() === epoch) vi.advanceTimersByTime(50);
  say("Settings"); // its picture was taken, and is not packed yet
  await until(() => {
    vi.advanceTimersByTime(250);
    expect(heads).toEqual([[1, 0], [2, 0], [2, 1]]);
  });
});
