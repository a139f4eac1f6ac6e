import type { TFunction } from "i18next";
import { Refusal } from "../api/refusal";

/** Why a change did not happen, as a person would say it. */
export function whyNot(error: Error, t: TFunction<"words">): string {
  if (!(error instanceof Refusal)) return t("change.unreachable");
  switch (error.status) {
    case 403:
      return t("change.failed", { reason: t("change.forbidden") });
    case 404:
      return t("change.failed", { reason: t("change.gone") });
    case 409:
      return `${t("activity.undoBlocked")}. ${t("activity.undoBlockedText")}`;
    case 429:
    case 503:
      return t("change.failed", { reason: t("change.busy", { wait: waitWords(error.wait ?? 5, t) }) });
  }
  const found = error.problem.problems?.map((problem) => problem.detail).join(" ");
  const reason = found || error.problem.detail || t("change.serverError", { id: error.problem.id ?? error.status });
  return t("change.failed", { reason });
}

export function waitWords(seconds: number, t: TFunction<"words">): string {
  const long = seconds > 90;
  return t(long ? "signIn.wait_minutes" : "signIn.wait_seconds", { n: long ? Math.ceil(seconds / 60) : seconds });
}
