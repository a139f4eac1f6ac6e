/** What wakes the browser: words for a person, and which of them take each other's place. */
export type Message = { title: string; tag: string };

/** The message, or a plain one where it cannot be read: a browser that is woken must show something. */
export function messageOf(text: string | undefined): Message {
  try {
    const { title, tag } = JSON.parse(text ?? "") as Partial<Record<keyof Message, unknown>>;
    if (typeof title === "string" && title) return { title, tag: typeof tag === "string" ? tag : "" };
  } catch {
    // shown plainly
  }
  return { title: "Carebox", tag: "" };
}
