import { type APIRequestContext, expect, type Locator, type Page } from "@playwright/test";
import { control, home } from "./house";

// How a person takes over, step by step, for two browsers: what session.spec.ts holds to the truth, and scripts/demo plays.

export const internet = "203.0.113.1"; // the virtual home's
export const silent = "192.168.7.99"; // nobody of the home has it
const boxPage = "http://192.168.7.1:8089/";

/** Who is there, and how they use their hands. */
export type Scene = {
  page: Page; // the customer's
  desk: Page; // the agent's
  tap: (at: Locator) => Promise<void>;
  write: (at: Locator, text: string) => Promise<void>;
};

/** Hands as fast as a machine's. */
export const fast = { tap: (at: Locator) => at.click(), write: (at: Locator, text: string) => at.fill(text) };

export const strip = (desk: Page) => desk.getByRole("region", { name: "Session with the customer" });
export const banner = (page: Page) => page.getByRole("region", { name: "Help", exact: true });
export const changes = (page: Page) => page.getByRole("region", { name: "What was changed for you" });
export const picture = (desk: Page) => desk.frameLocator("iframe[src='/mirror']").frameLocator("iframe");
export const alive = (desk: Page) => desk.getByRole("status").filter({ hasText: /sees it now/ });

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const question = (page: Page, text: string | RegExp, timeout?: number) =>
  expect(page.getByRole("heading", { level: 2, name: text })).toBeVisible(timeout ? { timeout } : undefined);

/** The whole guide, which does not help; then a person in one tap. The case's id. */
export async function unsolved({ page, tap }: Scene): Promise<string> {
  await tap(page.getByRole("link", { name: /^Help( \(New answer\))?$/ }));
  await tap(page.getByRole("link", { name: "The TV freezes", exact: true }));
  await question(page, "What freezes?"); // there is one TV, so nobody asks which
  await tap(button(page, "Films and series from the internet"));
  await question(page, /^Keep a place for TV/, 45_000); // once the box has measured the line
  await tap(button(page, "No, go on"));
  await question(page, /^Switch off TV/);
  await tap(button(page, "No, it still freezes"));
  await question(page, /^We have not found it together/);
  await tap(button(page, "Talk to someone"));
  await expect(page).toHaveURL(/\/help\/case\//);
  return page.url().split("/").pop() ?? "";
}

export async function taken({ desk, tap }: Scene, kase: string) {
  await desk.goto(`/support?case=${kase}`);
  await tap(desk.getByRole("button", { name: "Take the case" }));
  await expect(strip(desk).getByRole("listitem").first()).toContainText("not allowed");
}

/** The agent asks for everything, 15 minutes. */
export async function asked({ desk, page, tap, write }: Scene, why: string) {
  await tap(strip(desk).getByRole("button", { name: "Ask the customer" }));
  const dialog = desk.getByRole("dialog", { name: "Ask the customer" });
  await tap(dialog.getByRole("checkbox", { name: "change settings" })); // the others are ticked
  await tap(dialog.getByText("15 min", { exact: true }));
  await write(dialog.getByRole("textbox"), why);
  await tap(dialog.getByRole("button", { name: "Ask the customer" }));
  await expect(strip(desk)).toContainText(/Asked \d:\d\d ago/);
  await expect(page.getByRole("dialog", { name: "Someone would like to help" })).toContainText(`“${why}”`);
}

/** The customer says yes to all of it. The session's id. */
export async function allowed({ desk, page, tap }: Scene): Promise<string> {
  const sheet = page.getByRole("dialog", { name: "Someone would like to help" });
  for (const scope of [/^See your Carebox screens/, /^Measure the box/, /^Change settings/]) await tap(sheet.getByRole("checkbox", { name: scope }));
  await expect(sheet.getByRole("radio", { name: "15" })).toBeChecked();
  await tap(sheet.getByRole("button", { name: "Allow" }));
  await expect(banner(page)).toBeVisible();
  await expect(strip(desk)).toContainText(/1[45]:\d\d left/);
  return (await sessions(page)).find(({ state }) => state === "active")?.id ?? "";
}

type Seen = { id: string; case: string; state: string; endedBy?: string };

/** The home's sessions as the customer sees them, newest first. */
export const sessions = async (page: Page) => (await (await page.request.get(`/api/homes/${home}/support`)).json()) as Seen[];

/** The agent sees the customer's screen, and it follows. */
export async function mirrored({ desk, page, tap }: Scene) {
  await tap(desk.getByRole("tab", { name: "Screen", exact: true }));
  for (const [place, words] of [["Activity", "Activity"], ["TV & video", "Nothing is kept for the TV yet"]] as const) {
    await tap(page.getByRole("link", { name: place, exact: true }));
    await expect(picture(desk).getByText(words, { exact: true }).first()).toBeVisible({ timeout: 40_000 });
  }
  await expect(alive(desk)).toBeVisible({ timeout: 30_000 });
}

export async function pinged({ desk, tap, write }: Scene) {
  await tap(desk.getByRole("tab", { name: "Box" }));
  await write(desk.getByRole("textbox", { name: "Name or address" }), internet);
  await tap(desk.getByRole("button", { name: "Measure", exact: true }));
  await expect(ping(desk)).toContainText(/5 of 5 answers, [\d.]+ ms on average/, { timeout: 30_000 });
}

export const ping = (desk: Page) => desk.getByRole("article", { name: `Ping ${internet}` }).first();

/** The agent keeps a place for the TV, and the customer sees it, in force. */
export async function reserved({ desk, page, tap }: Scene) {
  await tap(desk.getByRole("tab", { name: "TV & video" }));
  await tap(desk.getByRole("button", { name: "Reserve for the TV" }));
  const keep = desk.getByRole("dialog", { name: "Keep a place" });
  await tap(keep.getByRole("radio", { name: /^HD/ }));
  await tap(keep.getByRole("button", { name: "Reserve for the TV" }));
  await expect(desk.getByRole("article", { name: "TV", exact: true })).toContainText(/8\u00a0Mbit\/s held for TV since/);
  await expect(changes(page).getByRole("listitem")).toContainText(/in force \d\d:\d\d/);
}

export async function undone({ desk, page, tap }: Scene) {
  await tap(desk.getByRole("tab", { name: "TV & video" }));
  await tap(changes(page).getByRole("button", { name: /^Undo/ }));
  await expect(changes(page).getByRole("listitem")).toContainText(/kept a place for TV.*taken back/);
  await expect(desk.getByText("Nothing is kept for the TV yet")).toBeVisible();
}

export async function stopped({ desk, page, tap }: Scene) {
  await tap(banner(page).getByRole("button", { name: "Stop" }));
  await expect(strip(desk)).toContainText(/The customer stopped at \d\d:\d\d\. Nothing can be seen or changed now/);
  await expect(page.getByRole("dialog", { name: "The visit has ended" })).toContainText(/by you/);
}

/** Cuts the cloud off from the box, or lets them through again. */
export async function link(request: APIRequestContext, what: "cut" | "mend") {
  expect((await request.post(`${control}/link/${what}`, { timeout: 60_000 })).ok()).toBe(true);
}

/** Waits until the cloud hears the box. */
export async function heard(page: Page) {
  const reachable = async () =>
    ((await (await page.request.get(`/api/homes/${home}`)).json()) as { box: { reachable: boolean } | null }).box?.reachable ?? false;
  await expect.poll(reachable, { timeout: 90_000 }).toBe(true);
}

/** Cuts the cloud off and lets the agent ask the box something, which the cloud still believes to be there. The query's id. */
export async function askedCutOff({ desk, page, tap, write }: Scene): Promise<string> {
  await tap(desk.getByRole("tab", { name: "Box" }));
  await write(desk.getByRole("textbox", { name: "Name or address" }), internet);
  for (;;) {
    await heard(page);
    await link(page.request, "cut");
    const sent = desk.waitForResponse((answer) => answer.url().endsWith("/queries") && answer.request().method() === "POST");
    await tap(desk.getByRole("button", { name: "Measure", exact: true }));
    const answer = await sent;
    if (answer.status() === 201) return ((await answer.json()) as { id: string }).id;
    expect(((await answer.json()) as { code: string }).code).toBe("box-away"); // a slow machine: the cloud has missed the box before it was asked
    await link(page.request, "mend");
  }
}

/** Ends a session at the box's own page, from a device of the home, in a window of its own. */
export async function endedAtTheBox({ page, tap }: Scene, session: string, place?: (own: Page) => Promise<void>): Promise<Page> {
  const context = page.context();
  await context.route(`${boxPage}**`, async (route) => {
    const request = route.request();
    const answer = await fetch(`${control}/page?url=${encodeURIComponent(request.url())}`, {
      method: request.method(), body: request.postData(), headers: { "Accept-Language": "en", "Content-Type": request.headers()["content-type"] ?? "" },
    });
    await route.fulfill({ status: answer.status, contentType: answer.headers.get("content-type") ?? "", body: await answer.text() });
  });
  const own = await context.newPage();
  await place?.(own);
  await own.goto(boxPage);
  const form = own.locator(`form:has([value="${session}"])`);
  await tap(form.getByRole("button", { name: "End it" }));
  await expect(form).toHaveCount(0);
  await expect(own).toHaveURL(/\/end$/);
  return own;
}

/** The link comes back: the box refuses what was on its way, and the session is dead. How it refused. */
export async function linkedAgain({ desk, page }: Scene, session: string): Promise<string> {
  await link(page.request, "mend");
  await expect(strip(desk)).toContainText(/own page/, { timeout: 90_000 });
  await expect(banner(page)).toBeHidden();
  const how = async () => ((await (await page.request.get(`${control}/refused/${session}`)).json()) as { how: string }).how;
  await expect.poll(how, { timeout: 90_000 }).not.toBe("");
  return how();
}
