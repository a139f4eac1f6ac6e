import type { TFunction } from "i18next";
import { Refusal } from "../api/refusal";
import { isLastOwner } from "../members/lastOwner";

/** Why a change could not be put before the customer, where an agent is told otherwise than a family; null elsewhere. */
export function noProposalWords(error: Error, t: TFunction<"support">): string | null {
  if (!(error instanceof Refusal)) return null;
  if (isLastOwner(error)) return t("noProposal_owner");
  if (error.status === 404) return t("noProposal_gone");
  if (error.status === 412) return t("noProposal_stale");
  return error.code === "support-busy" ? t("noProposal_many") : null;
}
