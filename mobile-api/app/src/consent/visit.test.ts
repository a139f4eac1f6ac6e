import i18next from "i18next";
import { beforeAll, expect, it } from "vitest";
import type { SupportSession } from "../api/client";
import en from "../i18n/en";
import fr from "../i18n/fr";
import { keptWords, questionOf, textOf } from "./consent";
import { doesWords, leftOf, leftWords, lengthsOf, type Scope, visitsOf } from "./visit";

const reader = { language: "en", locale: "en-GB", zone: "Europe/Paris" } as const;

const session = (over: Partial<SupportSession>): SupportSession => ({
  id: "s1", case: "c1", home: "h", homeName: "Home", customer: { id: "m1", name: "Ada" }, staff: { id: "j", name: "Julie" },
  askedScopes: ["change", "see"], askedMinutes: 30, reason: "The TV freezes", state: "asked", scopes: [], minutes: 0,
  asked: "2026-11-22T18:00:00Z", left: 600, recording: { on: false, until: "2026-12-22T18:00:00Z", full: false }, ...over,
});
const unknown = { operator: "", page: "", reader };
const active = session({ id: "s0", state: "active", scopes: ["see", "diagnose"], minutes: 15, left: 900, started: "2026-11-22T18:00:00Z" });

beforeAll(async () => {
  const resources = { en: { words: en }, fr: { words: fr } };
  await i18next.init({ lng: "en", ns: ["words"], defaultNS: "words", resources, interpolation: { escapeValue: false } });
});

it("what was stopped here is over at once, whatever the cloud knows", () => {
  expect(visitsOf([session({}), active], new Set())).toMatchObject({ asked: { id: "s1" }, active: { id: "s0" }, ended: null });
  expect(visitsOf([active], new Set(["s0"])).active).toBeNull();
});

it("neither an extension nor a question that nobody answered is an end", () => {
  const ended = { ...active, state: "ended" as const };
  expect(visitsOf([{ ...ended, endedBy: "replaced" }], new Set()).ended).toBeNull();
  expect(visitsOf([session({ state: "ended", endedBy: "deadline" })], new Set()).ended).toBeNull();
  expect(visitsOf([{ ...ended, endedBy: "box" }], new Set()).ended?.id).toBe("s0");
});

it("time is counted down from what the cloud said, not towards an instant of this phone's clock", () => {
  const heard = new Date("2000-01-01T00:00:00Z");
  expect(leftOf(active, heard, new Date("2000-01-01T00:14:00Z"))).toBe(60);
  expect(leftOf(active, heard, new Date("2000-01-01T09:00:00Z"))).toBe(0);
  expect(leftWords(700, i18next.t)).toBe("12\u00a0min left");
  expect(leftWords(45, i18next.t)).toBe("45\u00a0s left");
});

it("no length is more than was asked", () => {
  expect(lengthsOf(30)).toEqual([5, 15, 30]);
  expect(lengthsOf(12)).toEqual([5, 12]);
  expect(lengthsOf(3)).toEqual([3]);
});

it("says who does what", () => {
  expect(doesWords(active, i18next.t, "en-GB")).toBe("Julie sees your screens and measures the box");
});

it("asks only for what was asked, looking first, and marks what is new", () => {
  const question = questionOf(session({}), active, unknown, i18next.t);
  expect(question.lines.map(({ scope, fresh }) => [scope, fresh])).toEqual([["see", false], ["change", true]]);
  expect(questionOf(session({}), null, unknown, i18next.t).lines.some(({ fresh }) => fresh)).toBe(false);
});

it.each(["en", "fr"])("the consent is bound to all the words, in %s", (language) => {
  const t = i18next.getFixedT(language, "words");
  const question = questionOf(session({}), null, unknown, t);
  const length = t("consent.chosenLength", { n: 15 });
  const text = textOf(question, { chosen: ["see"], record: false, length, kept: keptWords(false, t) });
  const lines = [question.who, "The TV freezes", ...question.stop, `☑ ${t("consent.scope_see")}`, `☐ ${t("consent.scope_change")}`, "15", t("consent.notKept")];
  for (const line of lines) {
    expect(text).toContain(line);
  }
  expect(text).not.toContain(t("consent.scope_diagnose"));
  expect(text.length).toBeLessThan(4000);
});

it.each(["en", "fr"])("the operator and the box's page are named where they are known, in %s", (language) => {
  const t = i18next.getFixedT(language, "words");
  const known = questionOf(session({}), null, { operator: "Fibre & Co", page: "http://192.168.1.1:2050/", reader }, t);
  expect(known.who).toMatch(/Julie.*Fibre & Co/);
  expect(known.stop.join()).toMatch(/http:\/\/192\.168\.1\.1:2050\/,.*Fibre & Co/);
  const plain = questionOf(session({}), null, unknown, t);
  expect([plain.who, ...plain.stop].join()).not.toMatch(/\{\{|http|undefined/);
  expect(plain.stop).toHaveLength(known.stop.length);
});

it.each(["en", "fr"])("what is recorded is told, and never that nothing is while it is, in %s", (language) => {
  const t = i18next.getFixedT(language, "words");
  const question = questionOf(session({}), null, { ...unknown, reader: { ...reader, locale: language } }, t);
  const line = question.record?.line ?? "";
  expect(line).toContain("22");
  const text = (record: boolean, chosen: readonly Scope[] = ["see"]) => textOf(question, { chosen, record, length: "", kept: keptWords(record, t) });
  expect(text(true)).toContain(`☑ ${line}`);
  expect(text(true)).not.toContain(t("consent.notKept"));
  expect(text(true)).toContain(t("recording.nothingElse"));
  expect(text(false)).toContain(`☐ ${line}`);
  expect(text(false)).toContain(t("consent.notKept"));
  expect(text(false, ["diagnose"])).not.toContain(line);
  expect(questionOf(session({ askedScopes: ["diagnose"] }), null, unknown, t).record).toBeNull();
});
