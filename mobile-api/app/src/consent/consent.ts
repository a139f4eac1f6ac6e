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

/** What an agent asks for. What is new beside a session that lives already is marked. */
export function questionOf(asked: SupportSession, active: SupportSession | null, t: TFunction<"words">): Question {
  const name = nameOf(asked.staff.name, t);
  return {
    who: t("consent.who", { name }),
    why: t("consent.why", { reason: asked.reason }),
    what: active ? t("consent.more", { name }) : t("consent.what", { name }),
    lines: scopes.filter((scope) => asked.askedScopes.includes(scope)).map((scope) => ({
      scope, text: t(`consent.scope_${scope}`), example: t(`consent.example_${scope}`),
      fresh: active !== null && !active.scopes.includes(scope),
    })),
    stop: [t("consent.notKept"), t("consent.howToStop"), t("consent.yours")],
  };
}

/** All of it as one text, with what was chosen. */
export function textOf(question: Question, chosen: readonly Scope[], length: string): string {
  const ticked = question.lines.map(({ scope, text }) => `${chosen.includes(scope) ? "☑" : "☐"} ${text}`);
  return [question.who, question.why, question.what, ...ticked, length, ...question.stop].filter(Boolean).join("\n").slice(0, 4000);
}
