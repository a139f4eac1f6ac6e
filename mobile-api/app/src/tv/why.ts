import type { TFunction } from "i18next";
import { problemWords } from "../change/problem";
import type words from "../i18n/en/tv";

type Why = keyof (typeof words)["why"];

/** Why a reservation is not kept as asked, by the box's code: one of its own, or that of a problem. */
export function whyWords(code: string, t: TFunction<"words">): string {
  const own = t(`why.${code as Why}`, { defaultValue: "" });
  return own || (code ? problemWords({ code, field: "", detail: "" }, t) : t("why.unknown"));
}
