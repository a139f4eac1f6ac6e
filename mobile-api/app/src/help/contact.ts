/** How a person is reached by somebody who is not signed in, from what the page says of it: words and a link; null for "". */
export function contactOf(words: string): { words: string; href: string } | null {
  if (words === "") return null;
  if (words.startsWith("https://")) return { words: words.slice("https://".length), href: words };
  if (words.includes("@")) return { words, href: `mailto:${words}` };
  return { words, href: `tel:${words.replace(/[^+\d]/g, "")}` };
}
