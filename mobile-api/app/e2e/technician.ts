import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import encode from "qr";
import { control, env } from "./house";
import { codeOf } from "./totp";

/** What the browser's camera sees: a film in which a label is held still. */
export const film = new URL("../node_modules/.film/label.y4m", import.meta.url).pathname;

export const cameraArgs = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
  "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${film}`,
];

/** Writes the film of a label: two frames of grey, black and white, as YUV4MPEG2. */
export function filmLabel(text: string) {
  const [width, height] = [640, 480];
  const modules = encode(text, "raw", { ecc: "medium", border: 4 });
  const scale = Math.floor((height * 0.8) / modules.length);
  const [left, top] = [width, height].map((side) => Math.floor((side - scale * modules.length) / 2)) as [number, number];
  const light = Buffer.alloc(width * height, 200);
  for (let y = 0; y < modules.length * scale; y++) {
    for (let x = 0; x < modules.length * scale; x++) {
      light[(top + y) * width + left + x] = modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? 16 : 235;
    }
  }
  const frame = Buffer.concat([Buffer.from("FRAME\n"), light, Buffer.alloc((width * height) / 2, 128)]);
  mkdirSync(dirname(film), { recursive: true });
  writeFileSync(film, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}

export const technician = env("CAREBOX_STAFF_EMAIL");

/** Today, where the customers live. */
export const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" }).format(new Date());

type Order = { ref: string; customer: string } & Record<string, unknown>;

/** Plans visits of today, and takes boxes into the stock; the answer is what their labels say. */
export async function plan(request: APIRequestContext, orders: Order[], boxes: string[] = []): Promise<Record<string, string>> {
  const slot = { day: today(), from: "09:00", to: "11:00", technician, address: "12 rue des Lilas, 69003 Lyon", locale: "en" };
  const query = boxes.map((box) => `box=${box}`).join("&");
  const answer = await request.post(`${control}/visits?${query}`, { data: orders.map((order) => ({ ...slot, ...order })) });
  expect(await answer.text()).toContain("labels");
  return ((await answer.json()) as { labels: Record<string, string> }).labels;
}

/** Puts the blank box in place of the home's own, or the home's own back. */
export async function carton(request: APIRequestContext, what: "plug" | "unplug") {
  expect(await (await request.post(`${control}/carton/${what}`, { timeout: 60_000 })).text()).toContain("ok");
}

/** Signs the operator's admin in, with a code, and goes to today's visits. */
export async function signInStaff(page: Page) {
  await page.goto("/");
  await page.getByRole("textbox", { name: /e-?mail/i }).fill(technician);
  await page.locator("input[type=password]").fill(env("CAREBOX_STAFF_PASSWORD"));
  await page.keyboard.press("Enter");
  const visits = page.getByRole("link", { name: /^(Visits|Visites)$/ });
  await expect(async () => {
    await page.locator("input[name=code]").fill(codeOf(env("CAREBOX_STAFF_CODES")), { timeout: 10_000 });
    await page.keyboard.press("Enter");
    await expect(visits).toBeVisible({ timeout: 10_000 }); // a code is good once: who was here before may have used it
  }).toPass({ timeout: 120_000, intervals: [15_000] });
  await visits.click();
  await expect(page.getByRole("heading", { level: 1, name: /Today|Aujourd'hui/ })).toBeVisible();
}

type Kept = { id: string; serial?: string; state: string; present: string[]; notes: { text: string }[]; photos: { kind: string }[] };

/** A visit as the server has it. */
export async function visitOf(page: Page, customer: string): Promise<Kept> {
  const list = (await (await page.request.get("/api/staff/visits")).json()) as (Kept & { order: { customer: string } })[];
  const found = list.find(({ order }) => order.customer === customer);
  if (!found) throw new Error(`there is no visit of ${customer}`);
  return found;
}

/** A picture of a wall, as a phone's camera would make it: large. */
export async function photograph(page: Page): Promise<Buffer> {
  const data = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2400, 1800];
    const to = canvas.getContext("2d");
    for (let n = 0; n < 4000; n++) {
      if (to) to.fillStyle = `hsl(${(n * 37) % 360} 60% ${30 + (n % 40)}%)`;
      to?.fillRect((n * 733) % 2400, (n * 397) % 1800, 90, 60);
    }
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1] ?? "";
  });
  return Buffer.from(data, "base64");
}
