import type { TFunction } from "i18next";
import type { SupportSession } from "../api/client";
import { nameOf, type Scope, scopes } from "./visit";

/** The question as it is put, each line as it is shown; the consent is bound to these very words. */
export type Question = {
  who: string;
  why: string;
  what: string;
  lines: { scope: Scope; text: string; example: string; fresh: boolean }[];
  stop: string[];
};

/** What people call the operator, and the address of the box's own page: each "" where nobody knows. */
export type Known = { operator: string; page: string };

/** Whose support asks. */
function whoWords(name: string, { operator }: Known, t: TFunction<"words">): string {
  return operator ? t("consent.whoOf", { name, operator }) : t("consent.who", { name });
}

/** How it ends, and who may not begin it. */
function stopWords({ operator, page }: Known, t: TFunction<"words">): string[] {
  return [page ? t("consent.howToStopAt", { page }) : t("consent.howToStop"), operator ? t("consent.yoursOf", { operator }) : t("consent.yours")];
}

/** What an agent asks for. What is new beside a session that lives already is marked. */
export function questionOf(asked: SupportSession, active: SupportSession | null, known: Known, t: TFunction<"words">): Question {
  const name = nameOf(asked.staff.name, t);
  return {
    who: whoWords(name, known, t),
    why: t("consent.why", { reason: asked.reason }),
    what: active ? t("consent.more", { name }) : t("consent.what", { name }),
    lines: scopes.filter((scope) => asked.askedScopes.includes(scope)).map((scope) => ({
      scope, text: t(`consent.scope_${scope}`), example: t(`consent.example_${scope}`),
      fresh: active !== null && !active.scopes.includes(scope),
    })),
    stop: [t("consent.notKept"), ...stopWords(known, t)],
  };
}

/** All of it as one text, with what was chosen. */
export function textOf(question: Question, chosen: readonly Scope[], length: string): string {
  const ticked = question.lines.map(({ scope, text }) => `${chosen.includes(scope) ? "☑" : "☐"} ${text}`);
  return [question.who, question.why, question.what, ...ticked, length, ...question.stop].filter(Boolean).join("\n").slice(0, 4000);
}
