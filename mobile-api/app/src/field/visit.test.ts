import { describe, expect, it } from "vitest";
import { isLate, megabits, minutesBetween, running, secondsSince } from "./check";
import { countKinds, type Item } from "./item";
import { after, before, lackOf, missingRooms, skipWords, stepReached, stepsOf } from "./step";
import { shown } from "./shown";
import { type Check, guess, type Visit } from "./visit";

const order = {
  ref: "42", kind: "install", customer: "Ana", address: "1 Main St", access: "", email: "", zone: "Europe/Paris", homeName: "Ana",
  locale: "en", serial: "cb-0009", replaces: "", down: 300e6, up: 0, tv: false, rooms: [],
} as const;
const slot = { day: "2026-11-22", from: "09:00", to: "11:00" };
const visit: Visit = {
  id: "v", order: { ...order, rooms: [] }, slot, state: "planned", since: "", technician: "m", present: [], checklist: [], rooms: [], photos: [],
  notes: [], takenBack: [], devices: [], seconds: 0, missing: [], exceptions: [], joined: false,
};
const back = { serial: "cb-0001", way: "swap", why: "", at: "" } as const;
const check = (name: string, state: Check["state"]): Check => ({ name, state, since: "2026-11-22T09:00:00Z", usualSeconds: 20 });
const at = "2026-11-22T09:05:00Z";
const item = (part: object): Item => ({ id: "i", order: 1, member: "m", visit: "v", at, ...part }) as Item;

describe("a visit with what has not been sent", () => {
  it("knows who is there and which box was scanned", () => {
    const seen = shown(visit, [
      item({ kind: "arrive", told: { present: ["Ana"] } }),
      item({ kind: "bind", told: { box: "cb-0009", scanned: at } }),
    ]);
    expect(seen).toMatchObject({ arrived: at, present: ["Ana"], serial: "cb-0009", scanned: at });
  });

  it("shows a note once that is on its way", () => {
    const note = { kind: "note", told: { text: "mind the dog" } };
    expect(shown({ ...visit, notes: [{ text: "mind the dog", at: "2026-11-22T09:05:00.000Z", by: "Lea" }] }, [item(note)]).notes).toHaveLength(1);
  });

  it("does not believe what the server refused, nor what is of another visit", () => {
    const arrive = { kind: "arrive", told: { present: ["Ana"] } };
    expect(shown(visit, [item({ ...arrive, refused: { status: 409, problem: {} } }), item({ ...arrive, visit: "w" })])).toEqual(visit);
  });

  it("has rooms, notes, photos, decisions and a signature", () => {
    const begun = { ...visit, checklist: [check("wan", "failed"), check("clock", "ok")], rooms: [{ name: "Hall", verdict: "poor" as const, at }] };
    const seen = shown(begun, [
      item({ kind: "room", told: { room: { name: "Hall", verdict: "good" } } }),
      item({ kind: "note", told: { text: "mind the dog" } }),
      item({ kind: "photo", told: { kind: "box", jpeg: "" } }),
      item({ kind: "decide", told: { item: "wan", decision: "skip", reason: "4G" } }),
      item({ kind: "sign", told: { name: "Ana", drawing: "" } }),
    ]);
    expect(seen.rooms).toEqual([{ name: "Hall", verdict: "good", at }]);
    expect(seen.notes).toMatchObject([{ text: "mind the dog", at }]);
    expect(seen.photos).toMatchObject([{ id: "i", kind: "box", at }]);
    expect(seen.checklist[0]).toMatchObject({ state: "skipped", reason: "4G" });
    expect(seen.signed).toMatchObject({ name: "Ana", at });
  });

  it("has no box any more once the one that was brought is swapped", () => {
    const bound: Visit = { ...visit, serial: "cb-0009", scanned: at, checklist: [check("wan", "failed")] };
    const seen = shown(bound, [item({ kind: "swap", told: { box: "cb-0009", reason: "dead" } })]);
    expect(seen).toMatchObject({ checklist: [], takenBack: [{ serial: "cb-0009", at }] });
    expect(seen.serial).toBeUndefined();
    const old = shown(bound, [item({ kind: "collect", told: { box: "cb-0001", reason: "back" } })]);
    expect(old.serial).toBe("cb-0009");
  });

  it("has ended where nobody was", () => {
    const seen = shown(visit, [item({ kind: "absent", told: { reason: "rang", slot } })]);
    expect(seen).toMatchObject({ state: "absent", absent: { why: "rang", slot } });
  });
});

describe("a scanned box", () => {
  it("is judged by the order until the server has looked", () => {
    expect(guess(visit, "cb-0009")).toBe("ours");
    expect(guess(visit, "cb-0010")).toBe("other");
    expect(guess({ ...visit, order: { ...visit.order, serial: "" } }, "cb-0010")).toBe("unheard");
    expect(guess({ ...visit, order: { ...visit.order, kind: "swap", replaces: "cb-0001" } }, "cb-0001")).toBe("replaces");
  });
});

describe("steps", () => {
  it("follow each other", () => {
    expect(stepsOf("install")).toHaveLength(7);
    expect(after("install", "scan")).toBe("bring-up");
    expect(after("return", "scan")).toBe("report");
    expect(after("install", "report")).toBe("report");
    expect(before("return", "report")).toBe("scan");
    expect(before("install", "today")).toBe("today");
  });

  it("say what they lack", () => {
    expect(stepReached(visit)).toBe("arrive");
    const there = { ...visit, arrived: at, present: ["Ana"] };
    expect(stepReached(there)).toBe("scan");
    expect(lackOf(there, "bring-up")).toBe("scan");
    const bound = { ...there, serial: "cb-0009" };
    expect(lackOf(bound, "bring-up")).toBe("checks");
    const up = { ...bound, checklist: [check("wan", "ok"), check("ipv6", "skipped")] };
    expect(stepReached(up)).toBe("rooms");
    expect(lackOf({ ...up, checklist: [check("wan", "failed")] }, "bring-up")).toBe("checks");
    const walked = { ...up, rooms: [{ name: "a", verdict: "good" as const, at }, { name: "b", verdict: "fair" as const, at }] };
    expect(stepReached(walked)).toBe("hand-over");
    expect(stepReached({ ...walked, invited: { id: "n", at, expires: at } })).toBe("report");
    expect(lackOf({ ...walked, signed: { name: "Ana", at, step: "i" } }, "report")).toBeNull();
  });

  it("are left out with a reason", () => {
    const skips = { rooms: "late", "hand-over": "no phone" };
    expect(lackOf(visit, "rooms", skips)).toBeNull();
    expect(skipWords(skips, (step) => step)).toBe("rooms: late; hand-over: no phone");
    expect(skipWords({ rooms: "x".repeat(500) }, (step) => step)).toHaveLength(200);
  });

  it("of a swap and a return need the old box", () => {
    const swap: Visit = { ...visit, arrived: at, present: ["Ana"], order: { ...visit.order, kind: "swap", replaces: "cb-0001" } };
    expect(lackOf(swap, "scan")).toBe("scan");
    expect(lackOf({ ...swap, serial: "cb-0009" }, "scan")).toBeNull(); // the server takes the old one back with it
    const fetch: Visit = { ...swap, order: { ...swap.order, kind: "return" } };
    expect(lackOf(fetch, "scan")).toBe("old");
    expect(stepReached({ ...fetch, takenBack: [back] })).toBe("report");
  });

  it("ask for the order's rooms", () => {
    const two = { ...visit, order: { ...visit.order, rooms: ["Hall", "Office"] }, rooms: [{ name: "Hall", verdict: "good" as const, at }] };
    expect(missingRooms(two)).toEqual(["Office"]);
    expect(missingRooms(visit)).toEqual(["", ""]);
  });
});

describe("a check", () => {
  it("is late half as long again as usual, and 20 s at least", () => {
    expect(isLate(check("wan", "waiting"), 40)).toBe(false);
    expect(isLate(check("wan", "waiting"), 41)).toBe(true);
    expect(isLate({ ...check("wan", "waiting"), usualSeconds: 100 }, 150)).toBe(false);
  });

  it("has times that people read", () => {
    const now = new Date("2026-11-22T10:14:05Z");
    expect(running(secondsSince("2026-11-22T10:00:00Z", now))).toBe("14:05");
    expect(running(3_725)).toBe("1:02:05");
    expect(secondsSince("2026-11-22T10:15:00Z", now)).toBe(0);
    expect(secondsSince(undefined, now)).toBe(0);
    expect(minutesBetween("2026-11-22T10:00:00Z", now.toISOString())).toBe(14);
    expect(minutesBetween(undefined, now.toISOString())).toBe(0);
    expect(megabits(182_400_000, "en-GB")).toBe("182");
    expect(megabits(2_340_000, "fr-FR")).toBe("2,3");
  });
});

it("counts what waits, photos first", () => {
  const items = [item({ kind: "note" }), item({ kind: "photo" }), item({ kind: "sign" }), item({ kind: "photo" })];
  expect(countKinds(items)).toEqual([{ kind: "photo", count: 2 }, { kind: "sign", count: 1 }, { kind: "note", count: 1 }]);
});
