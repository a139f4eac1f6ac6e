import { hidden } from "./scrub";

type Sentence = { literals: string[]; form: string; weight: number };

/** Sentences of a catalogue that have places for values. */
type Sentences = {
  /** What a text says without its values, null where it is no such sentence. */
  mask: (text: string) => string | null;
  /** Every form that `mask` can answer. */
  forms: ReadonlySet<string>;
};

const place = /\{\{[^{}]*\}\}/;
// What cannot be taken for anything else: a word of four letters, or five letters in a row of short ones ("is now", "on Wi-Fi").
const telling = /\p{L}{4}|\p{L}(\P{L}*\p{L}){4}/u;
const longest = 2_000; // characters of a text that is looked at
const span = 3; // letters by which a sentence is found

/**
 * Reads a catalogue's sentences. Only their own words ever come out: a place for a value becomes three dots whatever stands
 * there, also where nothing does. A sentence with too few words of its own ("{{a}} – {{b}}", "{{n}} %") is not one: any text
 * might look like it.
 */
export function sentencesOf(texts: Iterable<string>): Sentences {
  const [heads, tails, rest] = [new Map<string, Sentence[]>(), new Map<string, Sentence[]>(), [] as Sentence[]];
  const forms = new Set<string>();
  for (const text of texts) {
    const sentence = read(text);
    if (!sentence || forms.has(sentence.form)) continue;
    forms.add(sentence.form);
    const [first, last] = [sentence.literals[0] ?? "", sentence.literals.at(-1) ?? ""];
    if (first.length >= span) put(heads, first.slice(0, span), sentence);
    else if (last.length >= span) put(tails, last.slice(-span), sentence);
    else rest.push(sentence);
  }
  for (const some of [...heads.values(), ...tails.values(), rest]) some.sort((a, b) => b.weight - a.weight);
  const mask = (text: string): string | null => {
    if (text.length > longest) return null;
    const ends = { start: text.trimStart(), end: text.trimEnd(), both: text.trim() };
    let best: Sentence | undefined;
    for (const some of [heads.get(ends.both.slice(0, span)), tails.get(ends.both.slice(-span)), rest]) {
      const found = some?.find(({ literals, weight }) => weight > (best?.weight ?? 0) && fits(outline(text, ends, literals), literals));
      best = found ?? best;
    }
    return best?.form ?? null;
  };
  return { mask, forms };
}

function read(text: string): Sentence | null {
  if (!place.test(text) || text.includes("$t(")) return null;
  const literals = text.trim().split(place);
  const own = literals.join("");
  return literals.some((literal) => telling.test(literal)) ? { literals, form: literals.join(hidden), weight: own.length } : null;
}

function put(index: Map<string, Sentence[]>, key: string, sentence: Sentence) {
  index.set(key, [...(index.get(key) ?? []), sentence]);
}

/** The text without the blanks around it, which are the page's; at a place for a value they are the value's. */
function outline(text: string, ends: { start: string; end: string; both: string }, literals: string[]): string {
  if (literals[0]) return literals.at(-1) ? ends.both : ends.start;
  return literals.at(-1) ? ends.end : text;
}

/** Whether a whole text is these literals in their order, with anything between them. */
function fits(whole: string, literals: string[]): boolean {
  const [first = "", last = ""] = [literals[0], literals.at(-1)];
  if (!whole.startsWith(first) || !whole.endsWith(last)) return false;
  let at = first.length;
  for (let i = 1; i < literals.length - 1; i++) {
    const literal = literals[i] ?? "";
    const found = whole.indexOf(literal, at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return at <= whole.length - last.length;
}
