import i18next from "i18next";
import { attributes, properties } from "virtual:vocabulary";
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

const names = new Map(Object.entries(attributes).map(([name, values]) => [name, new Set(values)] as const));
const read = new Set(properties);

/** What this page may say of itself: texts of the catalogue that is spoken, whole, and what `also` says. */
export function ownVocabulary(also: (text: string) => boolean): Vocabulary {
  const texts = publicTexts(i18next.getResourceBundle(i18next.language, "words"));
  return { attributes: names, properties: read, isPublic: (text) => texts.has(text.trim()) || also(text) };
}

/** What is taken from a stream: its sender has judged the words. */
export const anyVocabulary: Vocabulary = { attributes: names, properties: read, isPublic: () => true };
