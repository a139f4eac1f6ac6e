import type { TFunction } from "i18next";
import type { CaseMessage, CaseStep, QueueRow } from "../api/client";
import { moment, type Reader, span } from "../time/words";

export type Words = { t: TFunction<"support">; reader: Reader; now: Date };

/** The one clock, in minutes since the customer's tap. */
export function waitedWords(at: string, { t, now }: Words): string {
  const minutes = Math.floor((now.getTime() - Date.parse(at)) / 60_000);
  return minutes < 1 ? t("justNow") : span(minutes);
}

type Standing = Pick<QueueRow, "state" | "agent" | "promise">;

export function stateWords({ state, agent, promise }: Standing, { t, reader, now }: Words): string {
  if (state === "taken") return t("state_taken", { name: agent?.name ?? "" });
  if (state === "promised") return t("state_promised", { time: moment(new Date(promise?.at ?? now), now, reader) });
  return t(state === "closed" ? "state_closed" : "state_waiting");
}

const skills = ["internet", "wifi", "tv", "hours", "device", "account", "other"] as const;

export const skillWords = (skill: string, t: TFunction<"support">) => t(`skill_${skills.find((known) => known === skill) ?? "other"}`);

/** What they did last, before they asked: in the guide, else on a screen. */
export function lastWords({ last, step, screen }: Pick<QueueRow, "last" | "step" | "screen">, t: TFunction<"support">): string {
  if (last) return [last.question, last.answer ?? last.result].filter(Boolean).join(" – ");
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

/** What somebody in the home decided, by its kind: staff do not have the home's policy, so nothing is called by its name. */
export function changeWords(name: string, code: string, t: TFunction<"support">): string {
  const kind = code.replace(/-removed$/, "").replace(/^lift$/, "resume");
  const part = parts.find((known) => known === kind || `${known}s` === kind) ?? "other";
  return t("change", { name: name || "Carebox", what: t(`change_${part}`) });
}
