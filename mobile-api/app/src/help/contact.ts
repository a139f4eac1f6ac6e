/** How a person is reached by somebody who is not signed in, as the server put it into the page: words and a link. */
export function contactOf(content: string | undefined): { words: string; href: string } | null {
  const words = content?.trim() ?? "";
  if (words === "" || words.startsWith("{{")) return null; // none; a page that no server has filled
  if (words.startsWith("https://")) return { words: words.slice("https://".length), href: words };
  if (words.includes("@")) return { words, href: `mailto:${words}` };
  return { words, href: `tel:${words.replace(/[^+\d]/g, "")}` };
}
