import type { TFunction } from "i18next";
import { Refusal } from "../api/refusal";
import type { Outcome } from "./ChangeContext";
import { refusalWords } from "./problem";

/** Why a change did not happen, as a person would say it. */
export function whyNot(error: Error, t: TFunction<"words">): string {
  if (!(error instanceof Refusal)) return t("change.unreachable");
  if (error.code === "conflict") return t("activity.undoBlocked");
  return t("change.failed", { reason: refusalWords(error, t, waitWords(error.wait ?? 5, t)) });
}

export function waitWords(seconds: number, t: TFunction<"words">): string {
  const long = seconds > 90;
  return t(long ? "signIn.wait_minutes" : "signIn.wait_seconds", { n: long ? Math.ceil(seconds / 60) : seconds });
}

/** What the newest wish is called; one that failed is never called by what it would have done. */
export function labelOf({ kind, wish }: Pick<Outcome, "kind" | "wish">, t: TFunction<"words">): string {
  return kind === "failed" ? t("change.notDone") : wish.label;
}
