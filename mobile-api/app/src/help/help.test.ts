import { expect, test } from "vitest";
import type { Case } from "../api/client";
import en from "../i18n/en";
import { cameFrom } from "./ask";
import { fitted } from "./picture";
import { isFresh, readSeen } from "./seen";
import { deskWords, eventWords, sentWith, stateWords, waitingWords } from "./words";

const t = ((key: string, values: Record<string, string> = {}) => {
  const [, word = ""] = key.split(".");
  const text: string = en.help[word as keyof typeof en.help];
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}) as never;
const now = new Date("2026-11-21T18:00:00Z");
const words = { t, now, reader: { language: "en", locale: "en-GB", zone: "Europe/Paris" } as const };
const base: Case = {
  id: "c1", at: "2026-11-21T17:50:00Z", state: "waiting", screen: "/tv", text: "", language: "en", journey: [], findings: [], messages: 0,
  lastAt: "2026-11-21T17:50:00Z",
};
const step = (screen: string) => ({ at: "2026-11-21T17:00:00Z", screen, did: "look" });

test("a request says how far it has come", () => {
  expect(stateWords(base, words)).toBe("Waiting since 18:50");
  expect(stateWords({ ...base, state: "taken", agent: { id: "j", name: "Julie" } }, words)).toBe("Julie is on it");
  const promise = { at: "2026-11-22T17:00:00Z", text: "look" };
  expect(stateWords({ ...base, state: "promised", agent: { id: "j", name: "Julie" }, promise }, words)).toBe("Julie looks again tomorrow 18:00");
  expect(stateWords({ ...base, state: "closed", closedAt: "2026-11-21T17:59:00Z", solved: "yes" }, words)).toBe("Solved 18:59");
});

test("the estimate is counted from the tap, and a longer wait is admitted", () => {
  expect(waitingWords(base, words)).not.toContain("min");
  expect(waitingWords({ ...base, estimate: 14 * 60 }, words)).toContain("About 4\u00a0min");
  expect(waitingWords({ ...base, at: "2026-11-21T18:10:00Z", estimate: 4 * 60 }, words)).toContain("About 4\u00a0min"); // a phone that is slow
  expect(waitingWords({ ...base, estimate: 5 * 60 }, words)).toContain("Longer than we said (10\u00a0min)");
});

test("the door says whether somebody is there, and from when", () => {
  expect(deskWords({ open: true, slots: [] }, words)).toBe("Somebody is there.");
  expect(deskWords({ open: true, until: "2026-11-21T19:00:00Z", slots: [] }, words)).toContain("until 20:00");
  expect(deskWords({ open: false, opens: "2026-11-22T07:00:00Z", slots: [] }, words)).toContain("back tomorrow 08:00");
  expect(deskWords({ open: false, slots: [] }, words)).toContain("Nobody is there now");
});

test("a customer reads nothing of what staff do among themselves", () => {
  const message = { number: 1, at: base.at, from: "system", name: "Julie" } as const;
  expect(eventWords({ ...message, code: "taken" }, words)).toBe("Julie is here");
  for (const code of ["offered", "declined", "expired", "handover"] as const) expect(eventWords({ ...message, code }, words)).toBe("");
});

test("what went with a request is said", () => {
  expect(sentWith(base, words, false)).toContain("the screen you came from.");
  const more = { ...base, journey: [step("/"), step("/tv")], findings: [{ guide: "g", node: "n", question: "q" }] };
  expect(sentWith(more, words, true)).toContain("your answers in the guide and the box's state");
});

test("help was asked from the newest screen that is not about help", () => {
  const steps = ["/", "/tv", "/help", "/help/case/1"].map(step);
  expect(cameFrom(steps, "/help")).toBe("/tv");
  expect(cameFrom(steps, "/help/guide/slow-wifi")).toBe("/help/guide/slow-wifi");
  expect(cameFrom([], "/help")).toBe("/help");
});

test("an answer is new until it was looked at", () => {
  const answered = { ...base, messages: 3, lastFrom: "staff" } as const;
  expect(isFresh(answered, readSeen(null))).toBe(true);
  expect(isFresh(answered, readSeen('{"c1":3}'))).toBe(false);
  expect(isFresh({ ...answered, lastFrom: "customer" }, {})).toBe(false);
  expect(readSeen("not json")).toEqual({});
  expect(readSeen("null")).toEqual({});
});

test("a picture becomes smaller, never larger", () => {
  expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
  expect(fitted(300, 200)).toEqual({ width: 300, height: 200 });
  expect(fitted(30_000, 2)).toEqual({ width: 1600, height: 1 });
});
