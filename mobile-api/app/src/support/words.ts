import type { TFunction } from "i18next";
import type { CaseFinding, CaseMessage, CaseStep, QueueRow, StaffCase } from "../api/client";
import { moment, type Reader, span } from "../time/words";

export type Words = { t: TFunction<"support">; reader: Reader; now: Date };

/** The one clock, in minutes since the customer's tap. */
export function waitedWords(at: string, { t, now }: Words): string {
  const minutes = Math.floor((now.getTime() - Date.parse(at)) / 60_000);
  return minutes < 1 ? t("justNow") : span(minutes);
}

/** "12 s ago", of a moment that was just now or a while before. */
export function agoWords(at: string | number, now: Date, t: TFunction<"support">): string {
  const seconds = Math.max(0, Math.round((now.getTime() - new Date(at).getTime()) / 1000));
  return seconds < 90 ? t("live.ago_seconds", { n: seconds }) : t("live.ago_time", { time: span(Math.round(seconds / 60)) });
}

type Standing = Pick<QueueRow, "state" | "agent" | "promise">;

export function stateWords({ state, agent, promise }: Standing, { t, reader, now }: Words): string {
  if (state === "taken") return t("state_taken", { name: agent?.name ?? "" });
  if (state === "promised") return t("state_promised", { time: moment(new Date(promise?.at ?? now), now, reader) });
  return t(state === "closed" ? "state_closed" : "state_waiting");
}

const skills = ["internet", "wifi", "tv", "hours", "device", "account", "other"] as const;

export const skillWords = (skill: string, t: TFunction<"support">) => t(`skill_${skills.find((known) => known === skill) ?? "other"}`);

type Found = Pick<CaseFinding, "question" | "answer" | "result">;

/** What a guide asked and was told, or found by itself; null for a bare word of the vocabulary, such as "unknown". */
export function findingWords({ question, answer = "", result }: Found): { question: string; said: string } | null {
  if (result === undefined) return { question, said: answer };
  return /^[a-z-]*$/.test(result) ? null : { question: "", said: result };
}

/** What they did last, before they asked: in the guide, else on a screen. */
export function lastWords({ last, step, screen }: Pick<QueueRow, "last" | "step" | "screen">, t: TFunction<"support">): string {
  const found = last && findingWords(last);
  if (found) return [found.question, found.said].filter(Boolean).join(" – ");
  return step ? `${step.screen} ${stepWords(step, t)}` : screen;
}

export function stepWords({ did, detail = "" }: CaseStep, t: TFunction<"support">): string {
  switch (did) {
    case "look":
      return t("did_look");
    case "changed":
      return t("did_changed");
    case "failed":
      return t("did_failed", { detail });
    default:
      return t("did_other", { did, detail }).trim();
  }
}

/** What has happened, as staff read it. */
export function eventWords({ code, name, text = "" }: CaseMessage, { t, reader, now }: Words): string {
  const values = { name, text };
  switch (code) {
    case "returned":
      return t(`event_returned_${text === "away" || text === "promise" ? text : "handover"}`, values);
    case "callback":
      return t("event_callback", { time: moment(new Date(text), now, reader) });
    case "no-call":
      return t("event_noCall");
    case "called":
    case "taken":
    case "offered":
    case "declined":
    case "expired":
    case "promised":
    case "closed":
    case "solved":
    case "reopened":
    case "asked":
      return t(`event_${code}`, values);
    default:
      return "";
  }
}

const parts = ["pause", "bonus", "resume", "undo", "person", "device", "schedule", "exception", "budget", "reservation", "create"] as const;

type Change = StaffCase["changes"][number];

/** What somebody in the home decided, or staff for them, by its kind: staff have no policy to call a thing by its name. */
export function changeWords({ name, act, change }: Pick<Change, "name" | "act" | "change">, t: TFunction<"support">): string {
  const kind = change.code.replace(/-removed$|-visit$/, "").replace(/^lift$/, "resume");
  const part = parts.find((known) => known === kind || `${known}s` === kind) ?? "other";
  const whose = name || "Carebox";
  const who = act ? t("changeFor", { agent: act.name || t("colleague"), name: whose }) : whose;
  return t("change", { name: who, what: t(`change_${part}`) });
}

export function heldWords({ inForce, undone }: Pick<Change, "inForce" | "undone">, t: TFunction<"support">): string {
  if (undone) return t("undone");
  return t(inForce ? "inForce" : "notInForce");
}
