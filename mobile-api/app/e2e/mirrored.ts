import { createHmac } from "node:crypto";
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { home } from "./house";
import { unpacked } from "./wire";

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
  const headers = { "Sec-Fetch-Site": "same-origin" };
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

/** The customer ends the session, and it is over when this returns. */
export async function stop(page: Page) {
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "The visit has ended" })).toBeVisible();
}

/** Clicks into the picture. What is of an older picture than the customer's own leaves nothing there: click again. */
export async function click(agent: Page, on: Locator) {
  const box = await on.boundingBox();
  await agent.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
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
      window.addEventListener("message", ({ data }: MessageEvent<{ type: string; inline?: boolean; at: Looking["applied"] }>) => {
        if (data.type === "ready") resolve();
        if (data.type === "applied") own.applied = data.at;
        if (data.type === "want") own.socket.send(JSON.stringify({ type: "key.want", inline: data.inline }));
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
  return { sent, events: () => unpacked(sent.frames) };
}
