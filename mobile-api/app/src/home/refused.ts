import type { TFunction } from "i18next";
import type { HomeState } from "../api/client";

const codes = ["signature", "box", "revision", "document", "policy", "size", "schema"] as const;

/** Why the box does not take what is asked, in the reader's words. */
export function refusedWords(state: HomeState, t: TFunction<"words">): string {
  const code = codes.find((known) => known === state.box?.refused?.code);
  return t(`box.why_${code ?? "other"}`);
}
