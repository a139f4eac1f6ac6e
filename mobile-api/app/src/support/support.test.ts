import { expect, test } from "vitest";
import type { QueueRow } from "../api/client";
import en from "../i18n/en/support";
import { actOf } from "./keys";
import { isUnread, neighbour, readersOf, tabsOf, wanted } from "./queue";
import { eventWords, lastWords, stateWords, waitedWords } from "./words";

const t = ((key: string, values: Record<string, string> = {}) => {
  const text = (en as unknown as Record<string, string>)[key] ?? key;
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}) as never;
const words = { t, now: new Date("2026-11-21T18:00:00Z"), reader: { language: "en", locale: "en-GB", zone: "Europe/Paris" } as const };

const row = (id: string, more: Partial<QueueRow> = {}): QueueRow => ({
  id, at: "2026-11-21T17:50:00Z", state: "waiting", screen: "/tv", text: "", language: "fr", skill: "tv", home: "h", homeName: "City", name: "Ada",
  due: false, lastAt: "2026-11-21T17:50:00Z", ...more,
});
const julie = { id: "j", name: "Julie" };

test("the queue shows what somebody takes, and never hides what is theirs, offered to them, or open", () => {
  const rows = [
    row("fr-tv"), row("en-tv", { language: "en" }), row("fr-hours", { skill: "hours" }), row("held", { language: "en", state: "taken", agent: julie }),
    row("offered", { language: "en", offer: { from: { id: "m", name: "Marc" }, to: julie, reason: "r", tried: "t", expires: "2026-11-21T18:01:00Z" } }),
  ];
  const ids = (taking: { languages: string[]; skills: string[] }, open = "") => wanted(rows, taking, "j", open).map(({ id }) => id);
  expect(ids({ languages: [], skills: [] })).toHaveLength(5);
  expect(ids({ languages: ["fr"], skills: ["tv"] })).toEqual(["fr-tv", "held", "offered"]);
  expect(ids({ languages: ["fr"], skills: ["tv"] }, "fr-hours")).toContain("fr-hours");
});

test("J and K go one case further, and stay at the ends", () => {
  const rows = [row("a"), row("b"), row("c")];
  expect([neighbour(rows, "", 1), neighbour(rows, "a", 1), neighbour(rows, "c", 1), neighbour(rows, "a", -1)]).toEqual(["a", "b", "c", "a"]);
  expect(neighbour([], "a", 1)).toBe("");
});

test("a key does nothing while somebody writes, holds another key, or a dialog is open", () => {
  const pressed = (key: string, within = "") => ({
    key, ctrlKey: false, metaKey: false, altKey: false, target: { closest: (selector: string) => within !== "" && selector.includes(within) } as never,
  });
  expect([actOf(pressed("j")), actOf(pressed("K")), actOf(pressed("?"))]).toEqual(["next", "previous", "keys"]);
  expect([actOf(pressed("j", "textarea")), actOf(pressed("r", "[role=dialog]")), actOf(pressed("x"))]).toEqual([null, null, null]);
  expect(actOf({ ...pressed("r"), ctrlKey: true })).toBeNull();
});

test("tabs are one's own cases; readers are the others", () => {
  const rows = [row("late", { state: "taken", agent: julie, at: "2026-11-21T17:59:00Z" }), row("early", { state: "taken", agent: julie }), row("x")];
  expect(tabsOf(rows, "j").map(({ id }) => id)).toEqual(["early", "late"]);
  const desk = (id: string, typing: boolean) => ({ id, name: id.toUpperCase(), role: "support", case: "c", typing, languages: [], skills: [] }) as const;
  expect(readersOf([{ ...desk("j", true) }, { ...desk("m", true) }, { ...desk("n", false) }] as never, "c", "j")).toEqual({ reads: ["M", "N"], writes: ["M"] });
});

test("what nobody has answered is unread", () => {
  expect(isUnread(row("a"))).toBe(true);
  expect(isUnread(row("a", { state: "taken" }))).toBe(false);
  expect(isUnread(row("a", { state: "taken", lastFrom: "customer" }))).toBe(true);
  expect(isUnread(row("a", { lastFrom: "staff" }))).toBe(false);
});

test("a row says how long, how far, and what they did last", () => {
  expect(waitedWords("2026-11-21T17:48:10Z", words)).toBe("11\u00a0min");
  expect(waitedWords("2026-11-21T17:59:30Z", words)).toBe("just now");
  expect(stateWords(row("a", { state: "taken", agent: julie }), words)).toBe("with Julie");
  expect(lastWords(row("a", { last: { guide: "g", node: "n", question: "On a cable?", answer: "No" } }), t)).toBe("On a cable? – No");
  expect(lastWords(row("a", { step: { at: "", screen: "/tv", did: "failed", detail: "stale" } }), t)).toBe("/tv failed: stale");
  expect(lastWords(row("a"), t)).toBe("/tv");
});

test("what happened has words for staff, whatever it is", () => {
  const event = (code: string, text = "") => eventWords({ number: 1, at: "", from: "system", name: "Julie", code, text } as never, words);
  expect(event("returned", "away")).toBe("Back to the queue: Julie was away");
  expect(event("callback", "2026-11-21T18:30:00Z")).toBe("Wants to be called 19:30");
  for (const code of ["taken", "offered", "declined", "expired", "promised", "closed", "solved", "reopened", "asked", "no-call"]) {
    expect(event(code)).not.toBe("");
  }
  expect(event("of-tomorrow")).toBe("");
});
