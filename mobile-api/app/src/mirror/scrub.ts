import type { eventWithTime } from "@rrweb/types";
import { attribute, isMarkup, kindOf, type Vocabulary } from "./attribute";
import { ownSheet, plainSheet } from "./sheet";

/** What stands for every text that may not be read. It does not tell a length. */
export const hidden = "•••";

/** The class of what a picture has a place for and nothing else. */
export const unseen = "mirror-unseen";

const maxNodes = 20_000;
const maxDepth = 200;
const maxList = 20_000;
const maxText = 2_000;

type Loose = Record<string, unknown>;
type State = { words: Vocabulary; nodes: number };

class Unfit extends Error {}

/**
 * What may leave of one event of a recorder; null for nothing. Every field of the answer was chosen: what is not known here
 * is not in it. Used before the wire, and again on what came from it: then `isPublic` says yes to all, because the sender's
 * words are judged where they are known. The event itself is not changed.
 */
export function scrub(event: unknown, words: Vocabulary): eventWithTime | null {
  try {
    return scrubbed(loose(event), { words, nodes: 0 });
  } catch (error) {
    if (error instanceof Unfit) return null;
    throw error;
  }
}

function scrubbed(event: Loose, state: State): eventWithTime | null {
  const timestamp = number(event.timestamp);
  const data = loose(event.data);
  switch (event.type) {
    case 2: {
      const offset = loose(data.initialOffset);
      const node = nodeOf(data.node, state, { depth: 0, parent: "" });
      return made({ type: 2, data: { node, initialOffset: { top: number(offset.top), left: number(offset.left) } }, timestamp });
    }
    case 3: {
      const step = stepOf(data, state);
      return step && made({ type: 3, data: step, timestamp });
    }
    case 4:
      return made({ type: 4, data: { href: originOf(data.href), width: number(data.width), height: number(data.height) }, timestamp });
  }
  return null;
}

// The fields were chosen one by one above; rrweb's types are enums of numbers that no plain object fits.
const made = (event: Loose) => event as unknown as eventWithTime;

function stepOf(data: Loose, state: State): Loose | null {
  const source = number(data.source);
  switch (source) {
    case 0:
      return mutation(data, state);
    case 1:
    case 6:
    case 12:
      return { source, positions: list(data.positions).map((p) => numbers(loose(p), ["x", "y", "id", "timeOffset"])) };
    case 2:
      return { source, ...numbers(data, ["type", "id"]), ...("x" in data ? numbers(data, ["x", "y"]) : {}) };
    case 3:
      return { source, ...numbers(data, ["id", "x", "y"]) };
    case 4:
      return { source, ...numbers(data, ["width", "height"]) };
    case 5:
      return { source, id: number(data.id), text: data.text ? hidden : "", isChecked: data.isChecked === true };
  }
  return null;
}

function mutation(data: Loose, state: State): Loose | null {
  const texts = list(data.texts).map((raw) => {
    const one = loose(raw);
    return { id: number(one.id), value: textOf(one.value, state.words) };
  });
  const attributes = list(data.attributes).flatMap((raw) => {
    const one = loose(raw);
    const kept = attributesOf(loose(one.attributes), "", state.words);
    return Object.keys(kept).length > 0 ? [{ id: number(one.id), attributes: kept }] : [];
  });
  const removes = list(data.removes).map((raw) => {
    const one = loose(raw);
    return { ...numbers(one, ["parentId", "id"]), ...(one.isShadow === true ? { isShadow: true } : {}) };
  });
  const adds = list(data.adds).flatMap((raw) => {
    const one = loose(raw);
    if (loose(one.node).type === 0) return []; // what is inside a frame: the picture would begin a document anew, and be empty
    const node = nodeOf(one.node, state, { depth: 0, parent: "" });
    return [{ parentId: number(one.parentId), nextId: one.nextId === null ? null : number(one.nextId), node }];
  });
  if (texts.length + attributes.length + removes.length + adds.length === 0) return null;
  return { source: 0, texts, attributes, removes, adds };
}

function nodeOf(raw: unknown, state: State, at: { depth: number; parent: string }): Loose {
  const node = loose(raw);
  state.nodes += 1;
  if (state.nodes > maxNodes || at.depth > maxDepth) throw new Unfit();
  const id = number(node.id);
  const root = node.rootId === undefined ? {} : { rootId: number(node.rootId) };
  switch (node.type) {
    case 0:
      return { type: 0, id, childNodes: children(node, state, { depth: at.depth + 1, parent: "" }), ...compat(node) };
    case 1:
      return { type: 1, id, name: "html", publicId: "", systemId: "", ...root };
    case 2:
      return { ...element(node, state, at.depth), id, ...root };
    case 3:
      return { type: 3, id, textContent: at.parent === "style" ? "" : textOf(node.textContent, state.words), ...root };
    case 4:
    case 5: // sections and comments say nothing, but keep their place among the ids
      return { type: 5, id, textContent: "", ...root };
  }
  throw new Unfit();
}

const compat = (node: Loose) => (node.compatMode === "BackCompat" ? { compatMode: "BackCompat" } : {});

function element(node: Loose, state: State, depth: number): Loose {
  const kind = kindOf(node.tagName);
  const tagName = kind.name;
  const svg = node.isSVG === true && isMarkup(tagName) ? { isSVG: true } : {};
  const shadow = { ...(node.isShadowHost === true ? { isShadowHost: true } : {}), ...(node.isShadow === true ? { isShadow: true } : {}) };
  if (kind.emptied) return { type: 2, tagName, attributes: {}, childNodes: [], ...svg, ...shadow };
  const attributes = attributesOf(loose(node.attributes), tagName, state.words);
  if (node.needBlock === true || "rr_width" in attributes) { // of what rrweb does not look into it says the size
    const blocked = { ...attributes, class: unseenClass(attributes.class) };
    return { type: 2, tagName, attributes: blocked, childNodes: [], ...svg, ...shadow };
  }
  return { type: 2, tagName, attributes, childNodes: children(node, state, { depth: depth + 1, parent: tagName }), ...svg, ...shadow };
}

/** What is not looked into is hatched. */
function unseenClass(own: unknown): string {
  const classes = typeof own === "string" ? own.split(" ").filter((name) => name !== "" && name !== unseen) : [];
  return [...classes, unseen].join(" ");
}

function children(node: Loose, state: State, at: { depth: number; parent: string }): Loose[] {
  return list(node.childNodes).map((child) => nodeOf(child, state, at));
}

function attributesOf(raw: Loose, tag: string, words: Vocabulary): Loose {
  const kept: Loose = {};
  for (const [name, value] of Object.entries(raw)) {
    if (tag === "input" && name.startsWith("rr_scroll")) continue; // how far a field is scrolled tells how much is in it
    const plain = special(name, value, { tag, words }) ?? attribute(name, value, words);
    if (plain !== undefined) kept[name] = plain;
  }
  return kept;
}

/** A sheet inside the page, and that something was typed: not what, not how long it is. */
function special(name: string, value: unknown, { tag, words }: { tag: string; words: Vocabulary }): string | undefined {
  if (name === "_cssText" && typeof value === "string") {
    if (tag === "style") return plainSheet(value, words.properties);
    return tag === "link" || tag === "" ? ownSheet(value, words) : undefined; // of a link that was not there yet rrweb says it later
  }
  return name === "value" && tag === "input" && value === hidden ? hidden : undefined;
}

function textOf(value: unknown, words: Vocabulary): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value !== "string") throw new Unfit();
  if (value.trim() === "") return " ";
  return value.length <= maxText && words.isPublic(value) ? value : hidden;
}

function originOf(href: unknown): string {
  try {
    const { origin, protocol } = new URL(String(href));
    return protocol === "https:" || protocol === "http:" ? origin : "about:blank";
  } catch {
    return "about:blank";
  }
}

function loose(value: unknown): Loose {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Unfit();
  return value as Loose;
}

function list(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > maxList) throw new Unfit();
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Unfit();
  return value;
}

function numbers(from: Loose, names: string[]): Loose {
  return Object.fromEntries(names.map((name) => [name, number(from[name])]));
}
