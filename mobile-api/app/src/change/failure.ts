import type { TFunction } from "i18next";
import { Refusal } from "../api/refusal";
import { refusalWords } from "./problem";

/** Why a change did not happen, as a person would say it. */
export function whyNot(error: Error, t: TFunction<"words">): string {
  if (!(error instanceof Refusal)) return t("change.unreachable");
  if (error.code === "conflict") return `${t("activity.undoBlocked")}. ${t("activity.undoBlockedText")}`;
  return t("change.failed", { reason: refusalWords(error, t, waitWords(error.wait ?? 5, t)) });
}

export function waitWords(seconds: number, t: TFunction<"words">): string {
  const long = seconds > 90;
  return t(long ? "signIn.wait_minutes" : "signIn.wait_seconds", { n: long ? Math.ceil(seconds / 60) : seconds });
}
