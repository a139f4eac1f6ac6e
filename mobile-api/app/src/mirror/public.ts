import i18next from "i18next";
import { known } from "./known";
import { hidden } from "./scrub";
import type { Vocabulary } from "./attribute";
import { sentencesOf } from "./sentence";

/** Every string of a catalogue. */
export function strings(words: unknown, found: string[] = []): string[] {
  if (typeof words === "string") found.push(words);
  else if (typeof words === "object" && words !== null) for (const below of Object.values(words)) strings(below, found);
  return found;
}

/** The strings that are the same for everybody: those with a place for a value are not. */
export function publicTexts(words: unknown): Set<string> {
  const texts = strings(words).map((text) => text.trim());
  return new Set(texts.filter((text) => !text.includes("{{") && /\p{L}{2}/u.test(text)));
}

/** What may be said of texts in a language. */
type Speech = {
  /** The text itself where the catalogue has it whole, its words without the values where it is a sentence with some, else dots. */
  say: (text: string) => string;
  /** Whether `say` may have answered it. */
  isPublic: (text: string) => boolean;
};

export function speechOf(words: unknown): Speech {
  const texts = publicTexts(words);
  const { mask, forms } = sentencesOf(strings(words));
  return {
    say: (text) => (texts.has(text.trim()) || forms.has(text) ? text : (mask(text) ?? hidden)),
    isPublic: (text) => texts.has(text.trim()) || forms.has(text),
  };
}

/** What this page may say of itself: what the catalogue that is spoken lets it, and what `also` says. */
export function ownVocabulary(also: (text: string) => boolean): Vocabulary & Speech {
  let language = "";
  let speech = speechOf({});
  const now = () => {
    if (language !== i18next.language) {
      language = i18next.language;
      speech = speechOf(i18next.getResourceBundle(language, "words"));
    }
    return speech;
  };
  return { ...known, say: (text) => now().say(text), isPublic: (text) => now().isPublic(text) || also(text) };
}
