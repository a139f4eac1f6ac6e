import i18next from "i18next";
import { beforeAll, expect, it } from "vitest";
import type { Policy, Verdict } from "../api/client";
import en from "../i18n/en";
import { type Context, say } from "./sentence";

beforeAll(async () => {
  await i18next.init({ lng: "en", ns: ["words"], defaultNS: "words", resources: { en: { words: en } }, interpolation: { escapeValue: false } });
});

const secret = "Zqname";
const at = { until: "2026-11-23T19:00:00Z", changes: "2026-11-23T20:30:00Z" };

/** Every kind of verdict, for a home where somebody has paused and named a rule, or nobody has. */
function sentences(by: string, rule: string) {
  const policy = {
    zone: "Europe/Paris", unknown: "allow", effect: "no-internet", people: [{ id: "leo", name: secret }],
    overrides: [{ id: "o", by }], schedules: [{ id: "s", name: rule, for: { person: "leo" }, days: [1], start: "21:00", duration: 36_000 }],
    budgets: [{ id: "b", name: secret, amount: 7_200, for: { person: "leo" }, days: [1] }], exceptions: [{ id: "e", name: secret }],
  } as unknown as Policy;
  const ctx: Context = { t: i18next.t, now: new Date("2026-11-23T18:00:00Z"), policy, reader: { language: "en", zone: "Europe/Paris", hour12: false } as never };
  const kinds = { allowed: "", pause: "o", bonus: "o", schedule: "s", exception: "e", budget: "b", unknown: "", refused: "" };
  return Object.entries(kinds).flatMap(([kind, id]) =>
    [true, false].flatMap((online) => [{}, at].map((times) => say({ online, reason: { kind, id }, ...times } as Verdict, ctx))),
  );
}

it("is open only where no name is in it", () => {
  for (const [by, rule] of [[secret, secret], ["", secret], [secret, ""], ["", ""]] as const) {
    const said = sentences(by, rule);
    expect(said.filter(({ text, open }) => open && text.includes(secret))).toEqual([]);
    expect(said.filter(({ text, open }) => !open && !text.includes(secret)).map(({ text }) => text)).toEqual(by ? ["Online", "Online"] : []);
    expect(said.some(({ text, open }) => open && /\d:\d\d/.test(text))).toBe(true); // times are shown
  }
});
