import { expect, type APIRequestContext, type Browser, type Locator, type Page } from "@playwright/test";

export const env = (name: string) => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: scripts/test whole runs these tests`);
  return value;
};

export const control = env("CAREBOX_CONTROL");
export const home = env("CAREBOX_HOME");

let visitors = 0;

/**
 * Signs a parent in, by what they see. Each time from another address, as if behind the house's proxy: dozens of sign-ins
 * from one within minutes are refused, which a fast machine would run into.
 */
export async function signIn(page: Page) {
  visitors += 1;
  await page.setExtraHTTPHeaders({ "X-Forwarded-For": `198.51.100.${visitors % 250}` });
  await page.goto("/");
  await page.getByRole("textbox", { name: /e-?mail/i }).fill(env("CAREBOX_EMAIL"));
  await page.locator("input[type=password]").fill(env("CAREBOX_PASSWORD"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article", { name: "Léo", exact: true })).toBeVisible();
}

/** Waits until the phone's packets are answered, or refused. */
export async function phone(request: APIRequestContext, state: "online" | "offline") {
  await expect
    .poll(async () => ((await (await request.get(`${control}/phone`)).json()) as { online: boolean }).online)
    .toBe(state === "online");
}

/** Ends the agent as a crash would, or starts it again. */
export async function agent(request: APIRequestContext, what: "kill" | "start") {
  expect((await request.post(`${control}/agent/${what}`)).ok()).toBe(true);
}

/** What the phone is shown where it opens any plain-HTTP address. */
export async function pageOnPhone(request: APIRequestContext, language: string) {
  const url = "http://news.example/";
  return (await request.get(`${control}/page`, { params: { url }, headers: { "Accept-Language": language } })).text();
}

/** Asks for more time on the page that the phone is shown. */
export async function askOnPhone(request: APIRequestContext, form: { minutes: string; why?: string }) {
  const url = "http://192.168.7.1:8089/ask";
  return (await request.post(`${control}/page`, { params: { url }, form })).text();
}

type Policy = { devices: { macs: string[] }[]; schedules: { id: string }[]; exceptions: { id: string }[] } & Record<string, unknown>;

/** Takes all rules, moments and second addresses back, so that each test begins with the same home. */
export async function clear(page: Page) {
  const url = `/api/homes/${home}`;
  const put = async () => {
    const state = (await (await page.request.get(url)).json()) as { asked: { revision: number }; policy: Policy };
    const devices = state.policy.devices.map((device) => ({ ...device, macs: device.macs.slice(0, 1) }));
    const policy = { ...state.policy, devices, schedules: [], exceptions: [], overrides: [], budgets: [], reservations: [] };
    return (await page.request.put(`${url}/policy`, { data: policy, headers: { "If-Match": `"${state.asked.revision}"` } })).status();
  };
  await expect.poll(put).toBe(200); // what was tapped last may come in between
}

/** Until the box has proved all that was asked. */
export async function proved(page: Page) {
  const delivery = async () => ((await (await page.request.get(`/api/homes/${home}`)).json()) as { delivery: string }).delivery;
  await expect.poll(delivery, { timeout: 60_000 }).toBe("in-force");
}

/** What is told by the app's live region; a part of a screen may have a status of its own beside it. */
export const told = (page: Page, words: RegExp | string) => expect(page.getByRole("status").filter({ hasText: words }).first()).toBeAttached();

/** Until no dialog is coming or going: half faded it has too little contrast for whoever measures it. */
export const opened = (page: Page) =>
  expect.poll(() => page.evaluate(() => [...document.querySelectorAll("[role=dialog]")].every((one) => getComputedStyle(one).opacity === "1"))).toBe(true);

/** Takes all members out but the one who looks. */
export async function alone(page: Page) {
  const url = `/api/homes/${home}/members`;
  const members = (await (await page.request.get(url)).json()) as { id: string; me: boolean }[];
  for (const { id } of members.filter(({ me }) => !me)) expect((await page.request.delete(`${url}/${id}`)).ok()).toBe(true);
}

/** Invites somebody, and lets them join on a phone of their own by the link that the code holds. */
export async function join(page: Page, browser: Browser, { role, name }: { role: string; name: string }) {
  await page.goto("/members");
  await page.getByRole("button", { name: "Invite someone" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite someone" });
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByRole("button", { name: "Make an invitation" }).click();
  const link = await linkIn(dialog);
  await dialog.getByRole("button", { name: "Close" }).click();
  return joinBy(link, browser, { role, name });
}

/** The link that the code in a dialog holds. */
export async function linkIn(dialog: Locator): Promise<URL> {
  return new URL((await dialog.locator("svg title").textContent()) ?? "");
}

/** Joins by a link, on a phone of one's own. */
export async function joinBy(link: URL, browser: Browser, { role, name }: { role: string; name: string }) {
  const other = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await other.goto(link.pathname + link.search + link.hash);
  await other.getByRole("textbox", { name: "Your first name" }).fill(name);
  if (role !== "Child") {
    await other.getByRole("textbox", { name: "Email" }).fill(`${name.toLowerCase()}.${Date.now()}@home.example`);
    await other.locator("input[type=password]").fill("a long enough word");
  }
  await other.getByRole("button", { name: "Join" }).click();
  await expect(other.getByRole("region", { name: "The box" })).toBeVisible();
  return other;
}

/** Lets the phone come back under another address of its card; its own is `phoneAddress`. */
export async function address(request: APIRequestContext, mac: string) {
  const answer = await request.post(`${control}/phone/address/${mac}`, { timeout: 60_000 });
  expect(await answer.text()).toContain("ok");
}

export const phoneAddress = "02:00:00:00:00:0a";
