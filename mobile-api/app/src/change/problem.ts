import type { TFunction } from "i18next";
import type { Refusal } from "../api/refusal";
import type { Policy, ProblemDocument } from "../api/client";
import type words from "../i18n/en/problem";

type Problem = NonNullable<ProblemDocument["problems"]>[number];
type Words = TFunction<"words">;

/** Keys that come from outside: what this version has no words for is "". */
const look = (t: Words, key: string, values: Record<string, string | number> = {}): string =>
  t(key as "refusal.other", { ...values, code: "", defaultValue: "" });

/** One mistake in the reader's language; the server's own English only where no word of ours is for it. */
export function problemWords({ code, field }: Problem, t: Words): string {
  const leaf = field.split(".").at(-1) ?? "";
  return look(t, `problem.${code}_${leaf}`) || look(t, `problem.${code}`) || t("refusal.other", { code });
}

/** All that the server had to say no for, in sentences. */
export function refusalWords({ problem, status }: Refusal, t: Words, wait: string): string {
  const found = new Set((problem.problems ?? []).map((one) => problemWords(one, t)));
  if (found.size > 0) return [...found].join(" ");
  const code = problem.code || String(status);
  return look(t, `refusal.${code}`, { wait, id: problem.id ?? code }) || t("refusal.other", { code });
}

/** What a box says of itself that it cannot do. */
export function limitWords(code: string, t: Words): string {
  return look(t, `limit.${code}`) || t("limit.other", { code });
}

/** A part of the policy by the path that the server gives it, such as schedules/school; by today's name where it has one. */
export function partWords(path: string, policy: Policy, t: Words): string {
  const [list = "", id = ""] = path.split("/");
  const name = nameOf(policy, list, id);
  if (list in named && !name) return t(`part.${list as keyof typeof named}`, { name: t("activity.someone") });
  return look(t, `part.${list}`, { name }) || t("part.other");
}

const named = { people: true, devices: true, schedules: true, exceptions: true, budgets: true } satisfies Partial<
  Record<keyof typeof words.part, true>
>;

function nameOf(policy: Policy, list: string, id: string): string {
  switch (list) {
    case "people":
    case "devices":
    case "schedules":
    case "exceptions":
      return (policy[list] ?? []).find((one) => one.id === id)?.name ?? "";
    case "budgets": {
      const person = policy.budgets?.find((one) => one.id === id)?.for.person;
      return policy.people?.find((one) => one.id === person)?.name ?? "";
    }
  }
  return "";
}
