import type { Plugin } from "vite";

type Vocabulary = { attributes: Record<string, string[]>; properties: string[] };

export function sheets(): string[];
export function vocabulary(texts: string[]): Vocabulary;
export function vocabularyPlugin(): Plugin;
