import { type Browser, expect, type Page } from "@playwright/test";
import { codeOf } from "./totp";
import { home } from "./house";

const env = (name: string) => process.env[name] ?? "";
const secret = env("CAREBOX_STAFF_CODES");

let visitors = 0;
let used = "";

/** A code that was not used yet: each is good once, also those of the steps beside the present one. */
async function freshCode(): Promise<string> {
  let code = "";
  await expect
    .poll(() => {
      code = [0, 1].map((ahead) => codeOf(secret, ahead)).find((one) => !used.includes(one)) ?? "";
      return code;
    }, { timeout: 70_000, intervals: [500] })
    .not.toBe("");
  used += ` ${code}`;
  return code;
}

/** Signs somebody of the staff in, on a desk of their own, with a password and a code. */
export async function admin(browser: Browser, look: { locale?: string; width?: number; colorScheme?: "light" | "dark" } = {}): Promise<Page> {
  visitors += 1;
  const { locale = "en-GB", width = 1440, colorScheme = "light" } = look;
  const context = await browser.newContext({
    locale, colorScheme, viewport: { width, height: 900 }, extraHTTPHeaders: { "X-Forwarded-For": `203.0.113.${visitors % 250}` },
  });
  const page = await context.newPage();
  await enter(page);
  return page;
}

/** Signs somebody of the staff in on a page of theirs, which then is at the door. */
export async function enter(page: Page): Promise<void> {
  await page.goto("/sign-in");
  const body = { email: env("CAREBOX_STAFF_EMAIL"), password: env("CAREBOX_STAFF_PASSWORD"), kind: "browser" };
  await expect(async () => {
    const answer = await page.request.post("/api/sessions", { data: { ...body, code: await freshCode() } });
    expect(answer.status()).toBe(201);
  }).toPass({ timeout: 120_000 });
}

/** Makes somebody who is signed in an agent, with codes of their own, by a strong session of an admin. */
export async function hire(boss: Page, page: Page, password: string): Promise<void> {
  const me = (await (await page.request.get("/api/me")).json()) as { member: { email: string } };
  const placed = await boss.request.put("/api/staff/members", { data: { email: me.member.email, role: "support" } });
  expect(placed.status()).toBe(200);
  const made = (await (await page.request.post("/api/me/totp", { data: { password } })).json()) as { secret: string };
  expect((await page.request.put("/api/me/totp", { data: { code: codeOf(made.secret, 0) } })).status()).toBe(204);
}

/** Ends what the family asked before, so that the next tap is a case of its own. */
export async function settled(page: Page, of = home): Promise<void> {
  const cases = (await (await page.request.get(`/api/homes/${of}/cases`)).json()) as { id: string; state: string }[];
  for (const { id } of cases.filter(({ state }) => state !== "closed")) {
    expect((await page.request.post(`/api/homes/${of}/cases/${id}/close`, { data: { solved: true } })).ok()).toBe(true);
  }
}
