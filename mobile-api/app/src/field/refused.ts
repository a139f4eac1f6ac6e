import type { TFunction } from "i18next";
import { waitWords } from "../change/failure";
import { refusalWords as sentence } from "../change/problem";
import { Refusal } from "../api/refusal";
import type { Refused } from "./item";

/** Why the server does not take it, in words for a technician; what visits have no word of their own for, in the app's. */
export function refusalWords({ status, problem }: Refused, t: TFunction<"field">, tell: TFunction<"words">): string {
  const code = problem.code ?? "";
  const own = look(t, `refused.${code}_${problem.detail ?? ""}`) || look(t, `refused.${code}`);
  return own || sentence({ problem, status } as Refusal, tell, waitWords(5, tell));
}

/** Why a call failed that is not kept for later. */
export function failureWords(error: unknown, t: TFunction<"field">, tell: TFunction<"words">): string {
  if (error instanceof Refusal) return refusalWords({ status: error.status, problem: error.problem }, t, tell);
  return t("noAnswer");
}

const look = (t: TFunction<"field">, key: string): string => t(key as "again", { defaultValue: "" });
