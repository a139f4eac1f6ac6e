import { createHmac } from "node:crypto";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import en from "../src/i18n/en";
import fr from "../src/i18n/fr";
import { decode, type Head, unpack } from "../src/mirror/frame";
import { home } from "./house";

const env = (name: string) => process.env[name] ?? "";

/** What an authenticator app shows now (RFC 6238). */
export function codeOf(secret: string): string {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const sum = createHmac("sha1", key).update(step).digest();
  const at = (sum[19] ?? 0) & 15;
  return ((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}

/** An agent's browser, signed in with a code: a code is good once, so one that was used is waited out. */
export async function agentOf(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto("/sign-in");
  const signIn = async () => {
    const data = { email: env("CAREBOX_STAFF_EMAIL"), password: env("CAREBOX_STAFF_PASSWORD"), code: codeOf(env("CAREBOX_STAFF_CODES")), kind: "browser" };
    const origin = new URL(page.url()).origin;
    return (await context.request.post("/api/sessions", { data, headers: { Origin: origin, "X-Forwarded-For": "198.51.100.251" } })).status();
  };
  await expect.poll(signIn, { timeout: 70_000, intervals: [0, 5_000] }).toBe(201);
  return page;
}

/** A support session that the customer has consented to: its id and its case. */
export async function sessionOf(customer: BrowserContext, agent: BrowserContext, scopes: string[]): Promise<{ id: string; kase: string }> {
  const headers = { Origin: new URL(env("CAREBOX_URL")).origin };
  const post = async (who: BrowserContext, path: string, data: object) => {
    const answer = await who.request.post(path, { data, headers });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as { id: string };
  };
  const help = await post(customer, `/api/homes/${home}/help-requests`, { screen: "/", text: "The TV freezes" });
  await post(agent, `/api/staff/cases/${help.id}/take`, {});
  const asked = await post(agent, `/api/staff/cases/${help.id}/sessions`, { scopes, minutes: 15, reason: "The TV freezes" });
  await post(customer, `/api/homes/${home}/support/${asked.id}/consent`, { scopes, minutes: 15, text: "May they see your screen?" });
  return { id: asked.id, kase: help.id };
}

type Looking = {
  socket: WebSocket;
  texts: string[];
  applied: { generation: number; epoch: number; seq: number } | null;
  closed: number;
};

/** Lets an agent's page look: the socket, and the page that draws, as the console joins them. */
export async function look(agent: Page, session: string) {
  await agent.evaluate(async (id) => {
    const answer = await fetch(`/api/staff/sessions/${id}/ticket`, { method: "POST" });
    const { ticket } = (await answer.json()) as { ticket: string };
    const picture = document.createElement("iframe");
    picture.src = "/mirror";
    picture.id = "picture";
    picture.style.cssText = "position:fixed;inset:0;width:900px;height:860px;border:0;z-index:9999";
    document.body.append(picture);
    const own: Looking = { socket: new WebSocket(`ws://${location.host}/api/support/socket`), texts: [], applied: null, closed: 0 };
    (window as unknown as { own: Looking }).own = own;
    own.socket.binaryType = "arraybuffer";
    const ready = new Promise<void>((resolve) => {
      window.addEventListener("message", ({ data }: MessageEvent<{ type: string; at: Looking["applied"] }>) => {
        if (data.type === "ready") resolve();
        if (data.type === "applied") own.applied = data.at;
        if (data.type === "want") own.socket.send('{"type":"key.want"}');
      });
    });
    own.socket.onclose = ({ code }) => (own.closed = code);
    own.socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") own.texts.push(data);
      else void ready.then(() => picture.contentWindow?.postMessage({ type: "frame", frame: data }, location.origin, [data]));
    };
    own.socket.onopen = () => own.socket.send(JSON.stringify({ type: "hello", ticket }));
    await ready;
  }, session);
}

export const own = (agent: Page) => agent.evaluate(() => {
  const { texts, applied, closed } = (window as unknown as { own: Looking }).own;
  return { texts, applied, closed };
});

export const say = (agent: Page, word: object) =>
  agent.evaluate((text) => (window as unknown as { own: Looking }).own.socket.send(text), JSON.stringify(word));

/** Everything that a page sends on sockets, unpacked. */
export function tap(page: Page) {
  const sent: { frames: Buffer[]; texts: string[] } = { frames: [], texts: [] };
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      if (typeof payload === "string") sent.texts.push(payload);
      else sent.frames.push(payload);
    });
  });
  return {
    sent,
    /** Events of all whole frames, with their heads. */
    async events(): Promise<{ head: Head; events: unknown[] }[]> {
      const all: { head: Head; events: unknown[] }[] = [];
      let parts: Uint8Array[] = [];
      for (const raw of sent.frames) {
        const frame = decode(raw);
        expect(frame, "a frame that cannot be read").not.toBeNull();
        if (!frame) continue;
        parts = frame.head.part === 0 ? [frame.body] : [...parts, frame.body];
        if (parts.length === frame.head.parts) all.push({ head: frame.head, events: (await unpack(Buffer.concat(parts))) as unknown[] });
      }
      return all;
    },
  };
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

/** All texts and all attributes' names of events. */
export function legible(events: unknown[]) {
  const [texts, names] = [new Set<string>(), new Set<string>()];
  const walk = (node: Node) => {
    if (typeof node.textContent === "string") texts.add(node.textContent.trim());
    for (const name of Object.keys(node.attributes ?? {})) names.add(name.toLowerCase());
    for (const child of node.childNodes ?? []) walk(child);
  };
  for (const event of events as { type: number; data: Record<string, never> }[]) {
    if (event.type === 2) walk(event.data.node as unknown as Node);
    if (event.type !== 3) continue;
    const { adds = [], texts: changed = [], attributes = [] } = event.data as unknown as {
      adds?: { node: Node }[]; texts?: { value: string }[]; attributes?: Node[];
    };
    for (const { node } of adds) walk(node);
    for (const { value } of changed) texts.add(value.trim());
    for (const one of attributes) walk(one);
  }
  return { texts, names };
}

/** All strings of both catalogues, as they are shown: with dots where a value is. */
export function catalogue(words: unknown = [en, fr], found = new Set<string>(["", "•••"])): Set<string> {
  if (typeof words === "string") found.add(words.trim().replaceAll(/\{\{[^{}]*\}\}/g, "•••"));
  else if (typeof words === "object" && words !== null) for (const below of Object.values(words)) catalogue(below, found);
  return found;
}
