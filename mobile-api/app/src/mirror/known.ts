import { attributes, properties } from "virtual:vocabulary";
import type { Vocabulary } from "./attribute";

/** What the app's sheets select on and read. */
export const known = {
  attributes: new Map(Object.entries(attributes).map(([name, values]) => [name, new Set(values)] as const)),
  properties: new Set(properties),
};

/** What is taken from a stream: its sender has judged the words. */
export const anyVocabulary: Vocabulary = { ...known, isPublic: () => true };
