import { createInstance, type TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import type { Policy } from "../api/client";
import en from "../i18n/en";
import fr from "../i18n/fr";
import { didWords } from "./did";

const policy: Policy = { zone: "Europe/Paris", unknown: "allow", effect: "no-internet", people: [{ id: "leo", name: "Léo" }] };
const actor = { member: "m", name: "Camille", from: "browser" };

const catalogue = { en, fr };

async function speaker(language: "en" | "fr") {
  const i18n = createInstance();
  const resources = { [language]: { words: catalogue[language] } };
  await i18n.init({ lng: language, ns: "words", defaultNS: "words", resources, interpolation: { escapeValue: false } });
  const words = { t: i18n.t as unknown as TFunction<"words">, policy, reader: { language, locale: language, zone: "Europe/Paris" } };
  return (code: string, subject: string, gone?: Record<string, unknown>) => didWords({ actor, change: { code, subject }, gone }, words);
}

const parts = ["people", "devices", "schedules", "exceptions", "budgets", "reservations", "overrides", "zone", "unknown", "effect", "clock"];
const changes: [string, string][] = [
  ...parts.slice(0, 7).map((code): [string, string] => [code, ""]),
  ["schedules", "person:leo"], ["exceptions", "home"], ["overrides", "person:leo"], ["zone", "Europe/Paris Asia/Tokyo"],
  ["unknown", "allow quarantine"], ["unknown", "quarantine refuse"], ["effect", "no-internet no-wifi"], ["clock", "keep-last allow"],
  ["policy", ""], ["policy", parts.join(" ")],
];

describe.each(["en", "fr"] as const)("what was changed, in %s", (language) => {
  it("has words for every code that the server makes of a whole policy", async () => {
    const say = await speaker(language);
    const said = changes.map(([code, subject]) => say(code, subject));
    for (const sentence of said) {
      expect(sentence).toMatch(/^Camille .*[^ :]$/);
      expect(sentence).not.toMatch(/did\.|settings\.|part_|\{\{/);
      expect(sentence).not.toBe(say("of a newer server", ""));
    }
    expect(new Set(said).size).toBe(said.length);
  });
});

describe("what was changed", () => {
  it("is named as it was where it is gone", async () => {
    const say = await speaker("en");
    expect(say("reservation", "film")).toBe("Camille kept a place for something that is gone");
    expect(say("reservation", "film", { id: "film", name: "Film", devices: ["tv"] })).toBe("Camille kept a place for Film");
    expect(say("person", "zoe", { id: "zoe", name: "Zoé" })).toBe("Camille changed Zoé");
    expect(say("schedule", "s", { id: "s", for: { person: "leo" }, days: ["Monday"], start: "21:00", duration: 3600 })).toMatch(/^Camille changed hours: .+ · Léo$/);
    expect(say("exception", "e", { id: "e", for: { person: "leo" }, date: "2026-12-24", windows: [] })).toMatch(/24 · Léo$/);
    expect(say("of a newer server", "x", { id: "x" })).toBe(say("of a newer server", "x"));
  });

  it("has its subject, and what it was before", async () => {
    const say = await speaker("en");
    expect(say("exceptions", "person:leo")).toBe("Camille changed several special days: Léo");
    expect(say("zone", "Europe/Paris Asia/Tokyo")).toBe("Camille changed the time zone: Paris (Europe) → Tokyo (Asia)");
    expect(say("unknown", "allow refuse")).toBe("Camille changed the rule for devices nobody has named: Allowed → Refused");
    expect(say("policy", "schedules zone")).toBe("Camille changed several rules: offline hours, the time zone");
  });
});
