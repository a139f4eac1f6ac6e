import type { Language } from "../time/words";
import { say } from "./say";
import { guideOf, nodeOf } from "./tree";

/** One step of a guide as a case keeps it. */
export type Finding = { guide: string; node: string; answer: string; values?: Record<string, string> };

/** What was asked or looked at, and what came of it, in the reader's language; what this version does not know, as it is. */
export function findingWords(finding: Finding, language: Language): { guide: string; question: string; answer: string } {
  const guide = guideOf(finding.guide);
  const node = guide && nodeOf(guide, finding.node);
  const said = node?.answers?.find(({ id }) => id === finding.answer)?.say;
  const values = { device: "…", person: "…", ...finding.values };
  return {
    guide: guide ? say(guide.title, language, {}) : finding.guide,
    question: node?.say ? say(node.say, language, values) : finding.node,
    answer: said ? say(said, language, values) : (usual[finding.answer]?.[language] ?? finding.answer),
  };
}

const usual: Record<string, Record<Language, string>> = {
  "dont-know": { en: "I don't know", fr: "Je ne sais pas" },
  chosen: { en: "chosen", fr: "choisi" },
  asked: { en: "done", fr: "fait" },
  otherwise: { en: "not wanted, or not possible", fr: "pas souhaité, ou impossible" },
  unknown: { en: "not known", fr: "inconnu" },
};
