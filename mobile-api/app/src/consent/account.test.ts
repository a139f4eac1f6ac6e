import i18next from "i18next";
import { beforeAll, expect, it, vi } from "vitest";
import type { AuditLine, Kin, Policy } from "../api/client";
import type { Context } from "../home/sentence";
import en from "../i18n/en";
import fr from "../i18n/fr";
import { screenNames } from "../mirror/route";
import { lineWords, rightWords } from "./line";
import { isOfMembers } from "./proposal";

vi.mock("../shell/router", () => ({ router: {} })); // only its types are meant

const policy = {
  zone: "Europe/Paris", unknown: "allow", effect: "no-internet", people: [{ id: "leo", name: "Léo" }],
} as unknown as Policy;

let words: Context;
beforeAll(async () => {
  const resources = { en: { words: en }, fr: { words: fr } };
  await i18next.init({ lng: "en", ns: ["words"], defaultNS: "words", resources, interpolation: { escapeValue: false } });
  words = { t: i18next.t, now: new Date("2026-11-22T18:00:00Z"), policy, reader: { language: "en", locale: "en-GB", zone: "Europe/Paris" } };
});

const line = (over: object) =>
  ({ seq: 1, at: "2026-11-22T17:00:00Z", via: "support", kind: "staff", actor: { id: "j", name: "Julie" }, sum: "", prev: "", hash: "", ...over }) as AuditLine;

const family = [
  { id: "ada", name: "Ada", me: true },
  { id: "sam", name: "Sam", me: false },
] as Kin[];

it("the account says who did what, by which right", () => {
  expect(lineWords(line({ verb: "support-asked" }), words, family)).toBe("Julie asked for your consent");
  expect(lineWords(line({ verb: "query", detail: { kind: "ping" } }), words, family)).toBe("Julie measured: how long an answer takes");
  expect(lineWords(line({ verb: "query", detail: { kind: "new" } }), words, family)).toBe("Julie measured: something of the box");
  expect(lineWords(line({ verb: "change", detail: { code: "person", subject: "leo" } }), words, family)).toContain("Julie");
  expect(lineWords(line({ verb: "support-ended", kind: "box", actor: undefined }), words, family)).toBe("The visit ended, by The box");
  expect(lineWords(line({ verb: "of-tomorrow" }), words, family)).toBe("Julie: of-tomorrow");
});

it("the account names who of the family approved of a change and whose role it was, and says you only to who it was", () => {
  const right = (over: object) => rightWords(line(over), family, i18next.t);
  expect(right({ via: "support+approved", approved: "ada" })).toBe("confirmed by you");
  expect(right({ via: "support+approved", approved: "sam" })).toBe("confirmed by Sam");
  expect(right({ via: "support+approved", approved: "gone" })).toBe("confirmed by a member of the home");
  expect(right({ via: "self", actor: { id: "ada", name: "Ada" } })).toBe("you yourself");
  expect(right({ via: "self", actor: { id: "sam", name: "Sam" } })).toBe("a member of the home");
  expect(right({ via: "of-tomorrow" })).toBe("");
  const role = (subject: string) => lineWords(line({ verb: "change", detail: { code: "member", subject } }), words, family);
  expect(role("sam")).toBe("Julie changed the role of Sam");
  expect(role("gone")).toBe("Julie changed a member's role");
});

it.each(["en", "fr"])("a change of who belongs to the home has words of its own, in %s", (language) => {
  const t = i18next.getFixedT(language, "words");
  const of = (code: string) => line({ verb: "change", via: "support+approved", detail: { code, subject: "m1", proposal: "p1" } });
  const codes = ["member", "member-removed", "invitation"];
  const said = codes.map((code) => lineWords(of(code), { ...words, t }, family));
  expect(new Set([...said, lineWords(of("of-tomorrow"), { ...words, t }, family)]).size).toBe(codes.length + 1);
  for (const sentence of said) expect(sentence).toMatch(/^Julie [^{]+$/);
  expect(codes.map((code) => isOfMembers(of(code)))).toEqual([true, true, true]);
  expect([isOfMembers(of("person")), isOfMembers(line({ verb: "proposal", detail: { code: "member" } }))]).toEqual([false, false]);
  expect([1, 3].map((count) => t("consent.didMembers", { count })).join()).not.toMatch(/consent\.|\{\{/);
});

it("no change is a word, and counts are", () => {
  for (const language of ["en", "fr"]) {
    const t = i18next.getFixedT(language, "words");
    expect([0, 1, 3].map((count) => t("consent.didChange", { count })).join()).not.toContain("consent.");
    expect(t("consent.didChange", { count: 0 })).not.toContain("0");
  }
});

it.each(["en", "fr"])("each step of a request has words of its own, with both names where there are two, in %s", async (language) => {
  await i18next.changeLanguage(language);
  const people = { from: { id: "j", name: "Julie" }, to: { id: "m", name: "Marc" }, at: "2026-11-22T19:30:00Z" };
  const say = (verb: string, detail: object = {}, over: object = {}) =>
    lineWords(line({ verb, via: "staff", actor: { id: "e", name: "Eve" }, detail, ...over }), { ...words, t: i18next.t }, family);
  const steps = ["taken", "offered", "accepted", "declined", "expired", "returned", "promised", "callback", "no-call", "called", "wrapped-up", "solved", "reopened"];
  const said = steps.map((step) => say(`case-${step}`, people));
  expect(new Set(said).size).toBe(steps.length);
  for (const sentence of said) expect(sentence).not.toMatch(/case-|\{\{|audit\./);
  expect(say("case-accepted", people)).toMatch(/Eve.*Julie/);
  expect(say("case-offered", people)).toMatch(/Eve.*Marc/);
  expect(say("case-declined", people)).toMatch(/Julie.*Marc/);
  expect(say("case-called", people)).toContain("20:30");
  const alone = { kind: "system", actor: undefined, via: "system" };
  expect(say("case-returned", { why: "away", from: people.from }, alone)).toMatch(/Julie/);
  expect(say("case-returned", { why: "promise", from: people.from }, alone)).toMatch(/Julie/);
  expect(say("case-returned", { why: "handover" })).toBe(say("case-returned"));
  expect(say("case-accepted")).not.toContain("{{"); // an erased or older line names nobody
  await i18next.changeLanguage("en");
});

it.each(["en", "fr"])("screens that were seen have a name each, and are counted, in %s", (language) => {
  const t = i18next.getFixedT(language, "words");
  const said = screenNames.map((name) => t(`consent.screen_${name}`));
  expect(new Set(said).size).toBe(screenNames.length);
  expect(said.join()).not.toContain("consent.");
  const of = (screens: unknown) => lineWords(line({ verb: "support-seen", detail: { screens, sum: "x" } }), { ...words, t }, family);
  expect(of(1)).not.toMatch(/1|support-seen/);
  expect(of(3)).toMatch(/Julie.*3/);
});
