import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { clear, home, signIn } from "./house";
import { admin, settled } from "./staff";

test.use({ viewport: { width: 390, height: 844 }, actionTimeout: 15_000 });
test.setTimeout(180_000);

const internet = "203.0.113.1"; // the virtual home's

const sound = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
};

const strip = (desk: Page) => desk.getByRole("region", { name: "Session with the customer" });
const banner = (page: Page) => page.getByRole("region", { name: "Help", exact: true });

/** The guide did not help: a person in one tap, who takes the case. */
async function helped(page: Page, desk: Page): Promise<string> {
  await page.goto("/help/guide/tv-freezes");
  await page.getByRole("button", { name: "Talk to someone" }).last().click();
  await expect(page).toHaveURL(/\/help\/case\//);
  const own = page.url().split("/").pop() ?? "";
  await desk.goto(`/support?case=${own}`);
  await desk.getByRole("button", { name: "Take the case" }).click();
  return own;
}

async function ask(desk: Page, scopes: string[], why: string) {
  const dialog = desk.getByRole("dialog", { name: "Ask the customer" });
  for (const scope of scopes) await dialog.getByRole("checkbox", { name: scope }).check();
  await dialog.getByText("15 min", { exact: true }).click();
  await dialog.getByRole("textbox").fill(why);
  await sound(desk);
  await dialog.getByRole("button", { name: "Ask the customer" }).click();
}

async function allow(page: Page, scopes: RegExp[]) {
  const sheet = page.getByRole("dialog", { name: "Someone would like to help" });
  for (const scope of scopes) await sheet.getByRole("checkbox", { name: scope }).check();
  await sheet.getByRole("button", { name: "Allow" }).click();
  await expect(banner(page)).toBeVisible();
}

/** The banner's words stand clear of the way to the settings, and all that can be tapped is in one row below them. */
async function twoRows(page: Page) {
  const box = async (one: ReturnType<Page["locator"]>) => (await one.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const corner = await box(page.getByRole("link", { name: "Settings", exact: true }));
  const words = await box(banner(page).locator("p > span"));
  const [look, stop] = [await box(banner(page).getByRole("button", { name: /^What / })), await box(banner(page).getByRole("button", { name: "Stop" }))];
  expect(words.x + words.width).toBeLessThanOrEqual(corner.x);
  expect(Math.min(look.y, stop.y)).toBeGreaterThanOrEqual(Math.max(words.y + words.height, corner.y + corner.height));
  expect(stop.y).toBe(look.y);
}

test("a person takes over: consent, a measurement, a place for the TV, undo, and the customer's end", async ({ page, browser }) => {
  await signIn(page);
  await clear(page);
  await settled(page);
  const desk = await admin(browser);
  await helped(page, desk);

  await expect(strip(desk).getByRole("listitem").first()).toContainText("not allowed");
  await desk.getByRole("tab", { name: "TV & video" }).click();
  await expect(desk.getByText("Not allowed by the customer.")).toBeVisible();
  await strip(desk).getByRole("button", { name: "Ask the customer" }).click();
  await ask(desk, ["change settings"], "The TV freezes");
  await expect(strip(desk)).toContainText(/on their screen for 0:\d\d/);
  await expect(page.getByRole("dialog", { name: "Someone would like to help" })).toContainText("“The TV freezes”");
  await allow(page, [/^See your Carebox screens/, /^Measure the box/, /^Change settings/]);
  await twoRows(page);
  await expect(strip(desk)).toContainText(/1[45]:\d\d left/);

  await desk.getByRole("tab", { name: "Box" }).click();
  await desk.getByRole("textbox", { name: "Name or address" }).fill(internet);
  await desk.getByRole("button", { name: "Measure", exact: true }).click();
  const ping = desk.getByRole("article", { name: `Ping ${internet}` });
  await expect(ping).toContainText(/5 of 5 answers, [\d.]+ ms on average/, { timeout: 30_000 });
  await desk.getByRole("combobox", { name: "Measurement" }).selectOption("shaper");
  await desk.getByRole("button", { name: "Measure", exact: true }).click();
  await expect(desk.getByRole("article", { name: "Queues" })).toContainText("qdisc");
  await sound(desk);

  await desk.getByRole("tab", { name: "TV & video" }).click();
  await desk.getByRole("button", { name: "Reserve for the TV" }).click();
  const keep = desk.getByRole("dialog", { name: "Keep a place" });
  await keep.getByRole("radio", { name: /^HD/ }).check();
  await keep.getByRole("button", { name: "Reserve for the TV" }).click();
  await expect(desk.getByRole("article", { name: "TV", exact: true })).toContainText(/8\u00a0Mbit\/s held for TV since/);
  const changes = page.getByRole("region", { name: "What was changed for you" });
  await expect(changes.getByRole("listitem")).toContainText(/in force \d\d:\d\d/);
  const told = (await (await page.request.get(`/api/homes/${home}/history`)).json()) as { entries: { actor: { name: string }; support?: { staff: { name: string } } }[] };
  expect(JSON.stringify(told)).toContain("support");

  await changes.getByRole("button", { name: /^Undo/ }).click();
  await expect(changes.getByRole("listitem")).toContainText("taken back");
  await expect(desk.getByText("Nothing is kept for the TV yet")).toBeVisible();

  await desk.getByRole("tab", { name: "People and hours" }).click();
  const leo = desk.getByRole("article", { name: "Léo" });
  await leo.getByRole("button", { name: /^Pause/ }).first().click();
  await expect(changes).toContainText(/Léo/);
  await expect(leo.getByRole("button", { name: /^Resume/ }).first()).toBeVisible();
  await sound(desk);

  await banner(page).getByRole("button", { name: "Stop" }).click();
  await expect(strip(desk)).toContainText(/The customer stopped at \d\d:\d\d\. Nothing can be seen or changed now/);
  await expect(desk.getByText("The session is over. Nothing more can be seen or changed.")).toBeVisible();
  await desk.getByRole("tab", { name: "Box" }).click();
  await expect(ping).toContainText(/5 of 5 answers/); // what was measured can still be read
  await expect(desk.getByRole("button", { name: "Measure", exact: true })).toBeHidden();
  const sessions = (await (await page.request.get(`/api/homes/${home}/support`)).json()) as { id: string }[];
  const under = { "Support-Session": sessions[0]?.id ?? "" };
  expect((await desk.request.get(`/api/homes/${home}`, { headers: under })).status()).toBe(403);
  const again = await desk.request.post(`/api/staff/sessions/${under["Support-Session"]}/queries`, { data: { kind: "shaper" } });
  expect([again.status(), ((await again.json()) as { code: string }).code]).toEqual([403, "support-over"]);
  await clear(page);
  await settled(page);
  await desk.context().close();
});

test("a no is said to the agent, and a question can be taken back", async ({ page, browser }) => {
  await signIn(page);
  await settled(page);
  const desk = await admin(browser);
  await helped(page, desk);
  await strip(desk).getByRole("button", { name: "Ask the customer" }).click();
  await ask(desk, [], "A look at the line");
  await page.getByRole("dialog", { name: "Someone would like to help" }).getByRole("button", { name: "Not now" }).click();
  await expect(strip(desk)).toContainText("The customer said “not now”. Carry on in the chat.");
  await strip(desk).getByRole("button", { name: "Ask the customer" }).click();
  await ask(desk, [], "Once more");
  await expect(page.getByRole("dialog", { name: "Someone would like to help" })).toContainText("“Once more”");
  await strip(desk).getByRole("button", { name: "Take the question back" }).click();
  await expect(page.getByRole("dialog", { name: "Someone would like to help" })).toBeHidden();
  await expect(strip(desk)).toContainText("The question was taken back.");
  await settled(page);
  await desk.context().close();
});
