import i18next from "i18next";
import { beforeAll, expect, it } from "vitest";
import type { Policy, PolicyDifference } from "../api/client";
import type { Context } from "../home/sentence";
import en from "../i18n/en";
import fr from "../i18n/fr";
import { differenceWords } from "./difference";

const policy = {
  zone: "Europe/Paris", unknown: "allow", effect: "no-internet", people: [{ id: "leo", name: "Léo" }],
  devices: [{ id: "tv", name: "TV", kind: "tv", macs: ["02:00:00:00:00:01"] }],
} as unknown as Policy;

let words: Context;
beforeAll(async () => {
  const resources = { en: { words: en }, fr: { words: fr } };
  await i18next.init({ lng: "en", ns: ["words"], defaultNS: "words", resources, interpolation: { escapeValue: false } });
  words = { t: i18next.t, now: new Date("2026-11-22T18:00:00Z"), policy, reader: { language: "en", locale: "en-GB", zone: "Europe/Paris" } };
});

const change = (path: string, before: unknown, after: unknown) => differenceWords({ path, before, after } as PolicyDifference, words);

it("a proposal is drawn from what it changes, part by part", () => {
  const asked = { id: "tv", devices: ["tv"], floorDown: 25_000_000, windows: [] };
  expect(change("reservations/tv", undefined, asked)).toMatchObject({ before: "nothing", after: expect.stringContaining("25\u00a0Mbit/s") as string });
  expect(change("devices/tv", policy.devices?.[0], { ...policy.devices?.[0], name: "Telly", person: "leo" })).toMatchObject({
    before: "TV · The home's", after: "Telly · Léo",
  });
  const rule = { id: "s", name: "Bed", for: { person: "leo" }, days: ["Monday"], start: "21:00", duration: 3600 };
  expect(change("schedules/s", rule, null)).toMatchObject({ before: "Bed · Léo · Mon, 21:00 → 22:00", after: "nothing" });
  expect(change("unknown", "allow", "refuse")).toMatchObject({ before: en.settings.unknown_allow, after: en.settings.unknown_refuse });
  expect(change("overrides/o", undefined, { id: "o", for: { home: true }, mode: "pause", at: "" }).after).toContain("everyone");
  expect(change("people/leo", { id: "leo", name: "Léo" }, { id: "leo", name: "Léon" }).after).toBe("Léon");
});

it.each(["en", "fr"] as const)("who belongs to the home is told by names and roles, in %s", (language) => {
  const t = i18next.getFixedT(language, "words");
  const say = (path: string, before: unknown, after: unknown) =>
    differenceWords({ path, before, after } as PolicyDifference, { ...words, t });
  const { members } = language === "en" ? en : fr;
  const sam = { name: "Sam", role: "adult", person: "" };
  const moved = say("members/m1", sam, { ...sam, role: "child", person: "leo" });
  expect(moved).toMatchObject({ what: t("part.members", { name: "Sam" }), before: members.adult });
  expect(moved.after).toMatch(language === "en" ? /^Child: Léo$/ : /^Enfant\s: Léo$/);
  expect(say("members/m1", sam, undefined).after).toBe(t("consent.outside"));
  const invitation = say("invitations", undefined, { role: "owner", person: "" });
  expect(invitation).toMatchObject({ what: t("part.invitations"), before: t("consent.nothing") });
  expect(invitation.after).toBe(`${members.owner}. ${members.owner_may}`);
  expect(say("invitations", null, { role: "child", person: "leo" }).after).toContain("Léo");
  expect(say("members/m1", { ...sam, role: "child", person: "gone" }, null).before).toContain(t("activity.someone"));
});

it("what this version does not know is shown as it is, never hidden", () => {
  expect(change("moons/1", undefined, { big: true }).after).toBe('{"big":true}');
});
