import { typeset } from "../i18n/typeset";
import type { Language } from "../time/words";
import { type Guide, nodeOf, type Said } from "./tree";
import type { Step } from "./walk";

/** A sentence in the reader's language, with its values. */
export function say(said: Said, language: Language, values: Record<string, string>): string {
  const text = said[language].replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "…");
  return language === "fr" ? typeset(text) : text;
}

/** What a check found, in its own sentence; "" where that is nothing worth saying. */
export function foundWords(guide: Guide, taken: Step, language: Language, names: Record<string, string>): string {
  const said = nodeOf(guide, taken.node)?.answers?.find(({ id }) => id === taken.answer)?.say;
  return said ? say(said, language, { ...names, ...taken.values }) : "";
}

/** For an element that holds a sentence: an agent who was let see the screen may read it unless it names somebody. */
export function shown(said: Said | undefined): { "data-mirror"?: "show" } {
  return said && !/\{\{(device|person|other)\}\}/.test(said.en) ? { "data-mirror": "show" } : {};
}
