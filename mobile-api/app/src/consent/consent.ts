import type { TFunction } from "i18next";
import type { SupportSession } from "../api/client";
import { untilWords } from "../recording/until";
import type { Reader } from "../time/words";
import { nameOf, type Scope, scopes } from "./visit";

/** The question as it is put, each line as it is shown; the consent is bound to these very words. */
export type Question = {
  who: string;
  why: string;
  what: string;
  lines: { scope: Scope; text: string; example: string; fresh: boolean }[];
  /** What is kept of the screen, if the customer wants that; null where no screen is asked for. */
  record: { line: string; text: string } | null;
  stop: string[];
};

/** What people call the operator, and the address of the box's own page: each "" where nobody knows; who reads it. */
export type Known = { operator: string; page: string; reader: Reader };

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
  const date = untilWords(asked.recording.until ?? asked.asked, known.reader);
  return {
    who: whoWords(name, known, t),
    why: t("consent.why", { reason: asked.reason }),
    what: active ? t("consent.more", { name }) : t("consent.what", { name }),
    lines: scopes.filter((scope) => asked.askedScopes.includes(scope)).map((scope) => ({
      scope, text: t(`consent.scope_${scope}`), example: t(`consent.example_${scope}`),
      fresh: active !== null && !active.scopes.includes(scope),
    })),
    record: asked.askedScopes.includes("see") ? { line: t("recording.line", { date }), text: t("recording.lineText", { name }) } : null,
    stop: stopWords(known, t),
  };
}

/** What is true of what is kept, with what was chosen. */
export function keptWords(record: boolean, t: TFunction<"words">): string {
  return t(record ? "recording.nothingElse" : "consent.notKept");
}

export type Choice = { chosen: readonly Scope[]; record: boolean; length: string; kept: string };

/** All of it as one text, with what was chosen. */
export function textOf(question: Question, { chosen, record, length, kept }: Choice): string {
  const box = (on: boolean, text: string) => `${on ? "☑" : "☐"} ${text}`;
  const ticked = question.lines.map(({ scope, text }) => box(chosen.includes(scope), text));
  if (question.record && chosen.includes("see")) ticked.push(box(record, question.record.line), question.record.text);
  return [question.who, question.why, question.what, ...ticked, length, kept, ...question.stop].filter(Boolean).join("\n").slice(0, 4000);
}
