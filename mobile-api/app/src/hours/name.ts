import type { TFunction } from "i18next";
import { dayMinutes, type Rule } from "./week";

/** What a rule is called: as the family named it, else a night or just hours. */
export function ruleName({ name, start, end }: Pick<Rule, "name" | "start" | "end">, t: TFunction<"words">): string {
  return name.trim() || t(start >= 18 * 60 && end > dayMinutes ? "rule.night" : "rule.hours");
}
