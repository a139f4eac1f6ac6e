import type { TFunction } from "i18next";
import type { SupportSession } from "../api/client";

export type Scope = SupportSession["askedScopes"][number];

/** In the order in which they are told: looking, measuring, changing. */
export const scopes: readonly Scope[] = ["see", "diagnose", "change"];

/** What of the sessions of a home matters now. */
export type Visits = {
  /** Waits for an answer. */
  asked: SupportSession | null;
  active: SupportSession | null;
  /** The last that was let in and is over, an extension being no end. */
  ended: SupportSession | null;
};

/** What this phone has stopped holds at once, whatever the cloud knows yet. */
export function visitsOf(list: readonly SupportSession[], stopped: ReadonlySet<string>): Visits {
  const is = (state: SupportSession["state"]) => (one: SupportSession) => one.state === state;
  return {
    asked: list.find(is("asked")) ?? null,
    active: list.find((one) => is("active")(one) && !stopped.has(one.id)) ?? null,
    ended: list.find(isOver) ?? null,
  };
}

/** One that was let in and has ended; what was only extended goes on. */
export const isOver = ({ state, started, endedBy }: SupportSession) => state === "ended" && started !== undefined && endedBy !== "replaced";

/** Seconds that are left: counted down from what the cloud said, by how long ago that was heard. */
export function leftOf({ left }: SupportSession, heard: Date, now: Date): number {
  return Math.max(0, left - Math.floor((now.getTime() - heard.getTime()) / 1000));
}

/** "12 min left" as people say it: whole minutes, and seconds at the very end. */
export function leftWords(seconds: number, t: TFunction<"words">): string {
  return seconds >= 90 ? t("consent.left_minutes", { n: Math.round(seconds / 60) }) : t("consent.left_seconds", { n: seconds });
}

/** How long a visit may be, the asked length among the usual ones and never more than that. */
export function lengthsOf(asked: number): number[] {
  return [...new Set([5, 15, 30, asked].filter((minutes) => minutes <= asked))].sort((a, b) => a - b);
}

/** "Julie sees your screens and measures the box". */
export function doesWords({ staff, scopes: granted }: SupportSession, t: TFunction<"words">, locale: string): string {
  const acts = scopes.filter((scope) => granted.includes(scope)).map((scope) => t(`consent.does_${scope}`));
  const what = new Intl.ListFormat(locale, { type: "conjunction" }).format(acts);
  return t("consent.does", { name: nameOf(staff.name, t), what });
}

export function nameOf(name: string, t: TFunction<"words">): string {
  return name || t("consent.someone");
}
