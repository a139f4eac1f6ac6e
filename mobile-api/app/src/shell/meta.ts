type Word = "contact" | "operator" | "provider";

/** What the server put into a place of the page; "" where it says nothing, and in a page that no server has filled. */
export function filled(content: string | undefined): string {
  const word = content?.trim() ?? "";
  return word.startsWith("{{") ? "" : word;
}

/** How a person is reached, what people call the operator, where its staff sign in: as the server put it into the page. */
export const metaWord = (name: Word) => filled(document.querySelector<HTMLMetaElement>(`meta[name=carebox-${name}]`)?.content);
