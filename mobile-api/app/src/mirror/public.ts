import i18next from "i18next";
import { known } from "./known";
import type { Vocabulary } from "./scrub";

/** Every string of a catalogue that is the same for everybody: those with a place for a value are not. */
export function publicTexts(words: unknown, found = new Set<string>()): Set<string> {
  if (typeof words === "string") {
    const text = words.trim();
    if (!text.includes("{{") && /\p{L}{2}/u.test(text)) found.add(text);
  } else if (typeof words === "object" && words !== null) {
    for (const below of Object.values(words)) publicTexts(below, found);
  }
  return found;
}

/** What this page may say of itself: texts of the catalogue that is spoken, whole, and what `also` says. */
export function ownVocabulary(also: (text: string) => boolean): Vocabulary {
  let [language, texts] = ["", new Set<string>()];
  const isPublic = (text: string) => {
    if (language !== i18next.language) {
      language = i18next.language;
      texts = publicTexts(i18next.getResourceBundle(language, "words"));
    }
    return texts.has(text.trim()) || also(text);
  };
  return { ...known, isPublic };
}
