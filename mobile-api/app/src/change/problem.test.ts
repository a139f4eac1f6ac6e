import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import i18next, { type TFunction } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { Refusal } from "../api/refusal";
import en from "../i18n/en";
import fr from "../i18n/fr";
import { labelOf, whyNot } from "./failure";
import { limitWords, partWords, problemWords } from "./problem";

const root = resolve(import.meta.dirname, "../../../..");

/** All that a pattern finds in the Go files of some folders, tests apart. */
function found(pattern: RegExp, ...folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith(".go") && !file.name.endsWith("_test.go"))
      .filter(({ parentPath }) => !/node_modules|\/app\//.test(parentPath))
      .map((file) => readFileSync(resolve(file.parentPath, file.name), "utf8")),
  );
  return [...new Set(files.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? "")))].sort();
}

const problems = [
  ...found(/^\s*Code\w+\s*=\s*"([a-z0-9-]+)"/gm, "policies"),
  ...found(/policies\.Problems?\{\{?\s*Code:\s*"([a-z0-9-]+)"/g, "mobile-api", "cloud"),
];
const refusals = found(/^\s*code\w+\s+code = "([a-z-]+)"/gm, "mobile-api");
const limits = [
  ...found(/Limitation\{\{?Code:\s*"([a-z0-9-]+)"/g, "agent"), ...found(/\.limit\("([a-z0-9-]+)"/g, "agent"),
  ...found(/^\s*limit\w+\s*=\s*"([a-z0-9-]+)"/gm, "agent"), ...found(/\.lacks\(.*?"([a-z0-9-]+)"/g, "agent"),
];

function answer(status: number, body: object, headers: Record<string, string> = {}): Refusal {
  return new Refusal(new Response(null, { status, headers }), body);
}

describe.each(["en", "fr"] as const)("in %s", (language) => {
  let t: TFunction<"words">;
  beforeAll(async () => {
    await i18next.init({ lng: language, ns: ["words"], defaultNS: "words", fallbackLng: false, interpolation: { escapeValue: false } });
    i18next.addResourceBundle(language, "words", language === "fr" ? fr : en);
    t = i18next.getFixedT(language, "words");
  });

  it("every code that the server can answer with has words", () => {
    expect(problems.length).toBeGreaterThan(40);
    expect(refusals.length).toBeGreaterThan(20);
    expect(limits.length).toBeGreaterThan(10);
    const without = problems.filter((code) => problemWords({ code, field: "", detail: "" }, t).includes(`(${code})`));
    expect(without).toEqual([]);
    expect(refusals.filter((code) => whyNot(answer(400, { code }), t).includes(`(${code})`))).toEqual([]);
    expect(limits.filter((code) => limitWords(code, t).includes(`(${code})`))).toEqual([]);
  });

  it("a field may have words of its own, and what is not known is said so with its code", () => {
    const of = (code: string, field: string) => problemWords({ code, field, detail: "" }, t);
    expect(of("range", "minutes")).not.toBe(of("range", "before"));
    expect(of("of-tomorrow", "devices[0].name")).toContain("of-tomorrow");
    expect(whyNot(answer(500, { code: "internal", id: "r7" }), t)).toContain("r7");
    expect(whyNot(answer(429, { code: "too-many-requests" }, { "Retry-After": "7" }), t)).toContain("7");
  });

  it("a wish that failed is not called by what it would have done", () => {
    const wish = { label: t("change.what_added", { name: "Bob" }), send: () => Promise.reject(new Error("never")) };
    expect(labelOf({ kind: "asking", wish }, t)).toBe(wish.label);
    expect(labelOf({ kind: "failed", wish }, t)).not.toContain("Bob");
  });

  it("a part that was changed since has today's name", () => {
    const schedule = { id: "s1", name: "Tea time", for: { home: true }, days: [], start: "16:00", duration: 60 };
    const policy = { zone: "Europe/Paris", unknown: "allow" as const, effect: "no-internet" as const, schedules: [schedule] };
    expect(partWords("schedules/s1", policy, t)).toContain("Tea time");
    expect(partWords("schedules/gone", policy, t)).not.toContain("gone,");
    expect(partWords("zone", policy, t)).not.toBe("");
  });
});
