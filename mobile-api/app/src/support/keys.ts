export type Act = "next" | "previous" | "reply" | "note" | "measure" | "tab" | "keys";

/** The keys of the console, as its list of keys shows them. */
export const keys: readonly { key: string; act: Act }[] = [
  { key: "J", act: "next" },
  { key: "K", act: "previous" },
  { key: "R", act: "reply" },
  { key: "N", act: "note" },
  { key: "M", act: "measure" },
  { key: "?", act: "keys" },
];

/** The key that goes to the first of one's own cases, and so on to the ninth. */
const digits = /^[1-9]$/;

type Pressed = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; target: EventTarget | null };

const fields = "input, textarea, select, [contenteditable]";

/** What a key asks for; null while somebody writes, holds another key, or has a dialog open. */
export function actOf({ key, ctrlKey, metaKey, altKey, target }: Pressed): Act | null {
  if (ctrlKey || metaKey || altKey) return null;
  const element = target as { closest?: (selector: string) => unknown } | null;
  if (element?.closest?.(`${fields}, [role=dialog]`)) return null;
  if (digits.test(key)) return "tab";
  return keys.find((known) => known.key === key.toUpperCase())?.act ?? null;
}
