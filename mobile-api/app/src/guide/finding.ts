import type { Finding } from "../help/ask";
import type { Language } from "../time/words";
import { quietWords } from "./quiet";
import { foundWords, say } from "./say";
import { type Guide, nodeOf } from "./tree";
import type { Walk } from "./walk";

const most = 50;
const longest = 300;

const usual: Record<string, Record<Language, string>> = {
  "dont-know": { en: "I don't know", fr: "Je ne sais pas" },
  chosen: { en: "It is that one", fr: "C'est celui-là" },
  asked: { en: "Done", fr: "Fait" },
  otherwise: { en: "Not wanted, or not possible", fr: "Pas souhaité, ou impossible" },
};

/** What a guide found, as the customer read it or would have: nobody need say it again. Checks that could not know keep "unknown". */
export function findingsOf(guide: Guide, walk: Walk, names: Record<string, string>, language: Language): Finding[] {
  return walk.trail.slice(-most).map((step) => {
    const node = nodeOf(guide, step.node);
    const values = { ...names, ...step.values };
    const words = foundWords(guide, step, language, names);
    const chosen = step.answer === "chosen" && (step.values?.device ?? step.values?.person);
    const quiet = quietWords(node, step.answer, language);
    const answer = words || chosen || quiet || usual[step.answer]?.[language] || step.answer;
    const question = node?.say ? say(node.say, language, values) : step.node;
    const asked = { guide: guide.id, node: step.node, question: question.slice(0, longest) };
    return { ...asked, [node?.kind === "check" ? "result" : "answer"]: answer.slice(0, longest) };
  });
}
