import { expect } from "@playwright/test";
import { sheets, vocabulary } from "../vocabulary.mjs";
import en from "../src/i18n/en";
import fr from "../src/i18n/fr";
import { decode, type Head, unpack } from "../src/mirror/frame";

// What a page lets out, unpacked and looked through.

export type Sent = { head: Head; events: unknown[] };

/** Events of all whole frames, with their heads. */
export async function unpacked(frames: readonly Uint8Array[]): Promise<Sent[]> {
  const all: Sent[] = [];
  let parts: Uint8Array[] = [];
  for (const raw of frames) {
    const frame = decode(raw);
    expect(frame, "a frame that cannot be read").not.toBeNull();
    if (!frame) continue;
    parts = frame.head.part === 0 ? [frame.body] : [...parts, frame.body];
    if (parts.length === frame.head.parts) all.push({ head: frame.head, events: (await unpack(Buffer.concat(parts))) as unknown[] });
  }
  return all;
}

/** The ways in which a secret could be written. */
function forms(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1);
  const html = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const prefixes = Array.from({ length: Math.max(0, secret.length - 4) }, (_, i) => secret.slice(0, i + 4));
  return [...new Set([secret, escaped, base64, encodeURIComponent(secret), html, [...secret].reverse().join(""), ...prefixes])];
}

/** The secrets that a text has, in any form. */
export const leaks = (text: string, secrets: readonly string[]) =>
  secrets.filter((secret) => forms(secret).some((form) => text.includes(form)));

type Node = { textContent?: unknown; childNodes?: Node[]; attributes?: Record<string, unknown>; tagName?: string };
type Said = { texts: Set<string>; names: Set<string>; links: Set<string> };

/** All texts, attributes' names and addresses of events. */
export function legible(events: unknown[]): Said {
  const said: Said = { texts: new Set(), names: new Set(), links: new Set() };
  const walk = (node: Node) => {
    if (typeof node.textContent === "string") said.texts.add(node.textContent.trim());
    for (const [name, value] of Object.entries(node.attributes ?? {})) {
      said.names.add(name.toLowerCase());
      if (/href|src/i.test(name)) said.links.add(String(value));
    }
    for (const child of node.childNodes ?? []) walk(child);
  };
  for (const event of events as { type: number; data: Record<string, never> }[]) {
    if (event.type === 2) walk(event.data.node as unknown as Node);
    if (event.type === 4) said.links.add(String(event.data.href));
    if (event.type !== 3) continue;
    const { adds = [], texts: changed = [], attributes = [] } = event.data as unknown as {
      adds?: { node: Node }[]; texts?: { value: string }[]; attributes?: Node[];
    };
    for (const { node } of adds) walk(node);
    for (const { value } of changed) said.texts.add(value.trim());
    for (const one of attributes) walk(one);
  }
  return said;
}

const typeset = (text: string) => text.replaceAll("\u202f", " ").replaceAll("\u00a0", " ").trim();

/** All that both catalogues can say without a value of anybody: each string, with dots where a value would be. */
export function catalogue(words: unknown = [en, fr], found = new Set<string>(["", "•••"])): Set<string> {
  if (typeof words === "string") found.add(typeset(words.replaceAll(/\{\{[^}]*\}\}/g, "•••")));
  else if (typeof words === "object" && words !== null) for (const below of Object.values(words)) catalogue(below, found);
  return found;
}

// What draws a picture and is on no sheet.
const structural = new RegExp(
  "^(class|style|type|rel|href|value|d|xmlns|viewbox|fill|stroke.*|width|height|x\\d?|y\\d?|c[xy]|r[xy]?|points|transform|fill-.*|clip-rule|" +
    "rr_.*|_csstext|checked|disabled|hidden|inert|colspan|rowspan|max|min|offset|stop-.*|open|multiple|text-anchor|dominant-baseline|" +
    "preserveaspectratio)$",
);

/** What events say that they may not: texts that are neither the catalogue's nor `shown`, names and addresses that are not known. */
export function faults(events: unknown[], shown: readonly string[] = []): string[] {
  const { texts, names, links } = legible(events);
  const known = catalogue();
  for (const text of shown) known.add(typeset(text));
  const allowed = new Set(Object.keys(vocabulary(sheets()).attributes));
  const address = /^https?:\/\/[\w.:-]+(\/assets\/[\w.-]+\.css)?$|^\/assets\/[\w.-]+\.css$/;
  return [
    ...[...texts].filter((text) => !known.has(typeset(text))).map((text) => `text ${text}`),
    ...[...names].filter((name) => !allowed.has(name) && !structural.test(name)).map((name) => `name ${name}`),
    ...[...links].filter((link) => !address.test(link)).map((link) => `address ${link}`),
    ...(/data:|url\(/i.test(JSON.stringify(events)) ? ["an address of data"] : []),
  ];
}
