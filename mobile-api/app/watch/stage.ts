import { stripVTControlCharacters } from "node:util";
import { type BrowserContext, type CDPSession, chromium, type Locator, type Page } from "@playwright/test";
import config from "../playwright.config";
import { control, env } from "../e2e/house";

/** Milliseconds that somebody who looks needs to see what comes next; 0 is for a test, which needs no display. */
export const pace = Number(process.env.CAREBOX_PACE ?? 700);

type Place = { left: number; width: number; height: number };

/** A window of its own, without a browser's bars; a narrow one is like a phone. */
export async function open({ left, width, height }: Place): Promise<{ context: BrowserContext; page: Page }> {
  const root = process.getuid?.() === 0; // for whom Chromium has no sandbox
  const context = await chromium.launchPersistentContext("", {
    executablePath: config.use?.launchOptions?.executablePath ?? "chromium",
    headless: pace === 0, slowMo: pace / 3, chromiumSandbox: !root, viewport: null, locale: "en-GB", timezoneId: "Europe/Paris",
    baseURL: env("CAREBOX_URL"),
    ignoreDefaultArgs: ["--enable-automation"], // which has a bar of its own
    args: [
      "--app=data:text/html,", `--window-position=${left},0`, `--window-size=${width},${height}`, "--no-first-run", "--disable-gpu", "--test-type",
      "--disable-background-networking", "--disable-component-update", "--disable-sync", "--ozone-platform-hint=auto", "--hide-scrollbars",
    ],
  });
  context.setDefaultTimeout(30_000);
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const clients = new WeakMap<Page, CDPSession>();

async function clientOf(page: Page): Promise<CDPSession> {
  const known = clients.get(page);
  if (known) return known;
  const client = await page.context().newCDPSession(page);
  clients.set(page, client);
  await client.send("DOM.enable");
  await client.send("Overlay.enable");
  return client;
}

/** Shows where a hand is about to be. The browser paints that over the page: nobody who looks at the page's contents sees it. */
async function show(at: Locator) {
  if (pace === 0) return;
  await at.scrollIntoViewIfNeeded();
  const box = await at.boundingBox();
  if (!box) return;
  const client = await clientOf(at.page());
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(Math.round) as [number, number, number, number];
  const hand = { r: 242, g: 153, b: 0 };
  await client.send("Overlay.highlightRect", { x, y, width, height, color: { ...hand, a: 0.35 }, outlineColor: { ...hand, a: 1 } });
  await wait(pace);
  await client.send("Overlay.hideHighlight");
}

/** Hands that can be followed. */
export const slow = {
  tap: async (at: Locator) => {
    await show(at);
    await at.click();
  },
  write: async (at: Locator, text: string) => {
    await show(at);
    await at.fill("");
    await at.pressSequentially(text, { delay: pace / 10 });
  },
};

/** Plays a step and tells the house how it went. */
export async function tell<T>(step: string, act: () => Promise<T>, figures: (of: T) => object = () => ({})): Promise<T> {
  const at = Date.now();
  const say = (more: object) =>
    fetch(`${control}/told`, { method: "POST", body: JSON.stringify({ step, seconds: (Date.now() - at) / 1000, ...more }) });
  try {
    const done = await act();
    await say({ figures: figures(done) });
    await wait(2 * pace);
    return done;
  } catch (error) {
    await say({ error: stripVTControlCharacters(String(error)) });
    throw error;
  }
}

/** Puts a window of the same person beside the others. */
export async function place(page: Page, { left, width, height }: Place) {
  const client = await clientOf(page);
  const { windowId } = await client.send("Browser.getWindowForTarget");
  await client.send("Browser.setWindowBounds", { windowId, bounds: { left, top: 0, width, height } });
}
