import type { TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import type { HistoryEntry, HomeState } from "../api/client";
import { forceWords } from "./force";

const t = ((key: string, values: object) => [key, ...Object.values(values ?? {})].join(" ")) as unknown as TFunction<"words">;
const words = { t, reader: { language: "en" as const, locale: "en-GB", zone: "Europe/Paris" } };
const home = { box: {}, inForce: { revision: 7, at: "2026-11-21T18:00:00Z" } } as unknown as HomeState;

function entry(more: Partial<HistoryEntry>): HistoryEntry {
  const actor = { member: "m", name: "Camille", from: "browser" };
  return {
    revision: 7, at: "2026-11-21T17:42:05Z", actor, change: { code: "pause", subject: "person:leo" }, inForce: false, superseded: false, ...more,
  };
}

describe("how far a decision has come", () => {
  it("is told to the second, and with its day where that is a later one", () => {
    expect(forceWords(entry({ applied: "2026-11-21T17:42:07Z" }), home, words)).toMatch(/^activity.inForce .*18:42:07$/);
    expect(forceWords(entry({ applied: "2026-11-22T06:00:00Z" }), home, words)).toMatch(/^activity.inForceOn .*22.*07:00:00$/);
  });

  it("is never, where a newer one came before the box had it", () => {
    expect(forceWords(entry({ superseded: true, applied: "2026-11-21T17:42:07Z" }), home, words)).toBe("activity.superseded");
  });

  it("is not yet only for what the box can still bring into force", () => {
    expect(forceWords(entry({ revision: 8 }), home, words)).toBe("activity.notYet");
    expect(forceWords(entry({ revision: 6 }), home, words)).toBe("");
    expect(forceWords(entry({ revision: 8 }), { ...home, box: null }, words)).toBe("");
  });
});
