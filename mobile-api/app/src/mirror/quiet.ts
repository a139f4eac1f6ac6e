import type { eventWithTime } from "@rrweb/types";

type Texts = { id: number; value: string }[];
type Mutation = { source: 0; texts: Texts; attributes: { id: number }[]; removes: unknown[]; adds: { node: Added }[] };
type Added = { id: number; childNodes?: Added[] };
type Input = { source: 5; id: number; text: string; isChecked: boolean };

const most = 5_000;

/** What the page has now for a number of the picture. */
type Node = { nodeName: string } | null;

const fields = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/**
 * Leaves out what says again what was said: a text that is hidden changes at every key that is typed, and each change would
 * tell that there was one. A field that scrolls or grows tells how much is in it, so neither is said; nor is anything of what is
 * not in the page any more, which cannot be told from a field.
 */
export function quiet(nodeOf: (id: number) => Node) {
  const said = new Map<string, string>();
  const again = (key: string, value: string) => {
    if (said.get(key) === value) return true;
    if (said.size >= most) said.clear();
    said.set(key, value);
    return false;
  };
  /** Something that is put into the page says itself how it is. */
  const begin = ({ id, childNodes = [] }: Added) => {
    said.delete(`t${String(id)}`);
    said.delete(`i${String(id)}`);
    childNodes.forEach(begin);
  };
  const pass = (event: eventWithTime): eventWithTime[] => {
    const data = event.data as { source?: number; id?: number };
    if (data.source === 3) return mayScroll(nodeOf(data.id ?? 0)) ? [event] : [];
    if (data.source === 5) {
      const { id, text, isChecked } = data as Input;
      return again(`i${String(id)}`, `${text}${String(isChecked)}`) ? [] : [event];
    }
    if (data.source !== 0) return [event];
    const mutation = data as Mutation;
    for (const { node } of mutation.adds) begin(node);
    const texts = mutation.texts.filter(({ id, value }) => !again(`t${String(id)}`, value));
    const attributes = mutation.attributes.filter(({ id }) => mayGrow(nodeOf(id)));
    if (texts.length + attributes.length + mutation.removes.length + mutation.adds.length === 0) return [];
    return [{ ...event, data: { ...mutation, texts, attributes } } as eventWithTime];
  };
  return { pass, forget: () => said.clear() };
}

const mayScroll = (node: Node) => node !== null && !fields.has(node.nodeName);
const mayGrow = (node: Node) => node !== null && node.nodeName !== "TEXTAREA";
