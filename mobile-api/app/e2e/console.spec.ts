import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";
import { clear, env, home, opened, signIn } from "./house";
import { admin, settled } from "./staff";
import { internet, strip } from "./story";

test.use({ viewport: { width: 390, height: 844 }, actionTimeout: 15_000 });
test.setTimeout(240_000);

const nextDoor = env("CAREBOX_NEIGHBOUR_HOME");

const sound = async (page: Page) => {
  await opened(page);
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
};

type Policy = { people: object[]; devices: object[]; overrides: { for: { person?: string } }[] } & Record<string, unknown>;
type State = { asked: { revision: number }; policy: Policy };

/** The neighbour, on a phone of her own; her home has Mia and no box. */
async function neighbour(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 390, height: 844 }, extraHTTPHeaders: { "X-Forwarded-For": "192.0.2.77" } });
  const page = await context.newPage();
  const body = { email: env("CAREBOX_NEIGHBOUR_EMAIL"), password: env("CAREBOX_NEIGHBOUR_PASSWORD"), kind: "browser" };
  await page.goto("/sign-in");
  expect((await page.request.post("/api/sessions", { data: body })).status()).toBe(201);
  const url = `/api/homes/${nextDoor}`;
  const { asked, policy } = (await (await page.request.get(url)).json()) as State;
  const mia = {
    ...policy, overrides: [], people: [{ id: "mia", name: "Mia" }],
    devices: [{ id: "mia-phone", name: "Mia's phone", kind: "phone", person: "mia", macs: ["02:00:00:00:0f:01"] }],
  };
  expect((await page.request.put(`${url}/policy`, { data: mia, headers: { "If-Match": `"${asked.revision}"` } })).ok()).toBe(true);
  await settled(page, nextDoor);
  return page;
}

/** Somebody asks for a person, and the agent takes the case. */
async function taken(page: Page, desk: Page): Promise<void> {
  await page.goto("/help");
  await page.getByRole("button", { name: "Talk to someone", exact: true }).click();
  await expect(page).toHaveURL(/\/help\/case\//);
  await desk.goto(`/support?case=${page.url().split("/").pop() ?? ""}`);
  await desk.getByRole("button", { name: "Take the case" }).click();
  await expect(page.getByRole("heading", { name: /is on it$/ })).toBeVisible();
}

async function allowed(page: Page, desk: Page): Promise<void> {
  await strip(desk).getByRole("button", { name: "Ask the customer" }).click();
  const dialog = desk.getByRole("dialog", { name: "Ask the customer" });
  for (const scope of ["see the screen", "measure the box", "change settings"]) await dialog.getByRole("checkbox", { name: scope }).check();
  await dialog.getByRole("textbox").fill("To help");
  await dialog.getByRole("button", { name: "Ask the customer" }).click();
  const sheet = page.getByRole("dialog", { name: "Someone would like to help" });
  for (const scope of [/^See your/, /^Measure/, /^Change/]) await sheet.getByRole("checkbox", { name: scope }).check();
  await sheet.getByRole("button", { name: "Allow" }).click();
  await expect(strip(desk).getByRole("button", { name: "End the session" })).toBeVisible();
}

const overridden = async (page: Page, of: string) =>
  ((await (await page.request.get(`/api/homes/${of}`)).json()) as State).policy.overrides.map((one) => one.for.person);

const tabs = (desk: Page) => desk.getByRole("navigation", { name: "My cases" }).getByRole("link");
/** Writes until the other side is told; it is forgotten after some seconds. */
const writes = (field: Locator, told: Locator) =>
  expect(async () => {
    await field.pressSequentially("Thank you ");
    await expect(told).toBeVisible({ timeout: 2_500 });
  }).toPass({ timeout: 40_000 });

const away = (desk: Page) => desk.getByRole("heading", { level: 2 }).last().click(); // out of a field, so that single keys count

test("two customers at once: each keeps its place, nothing reaches the wrong home, and one end is not the other's", async ({ page, browser }) => {
  await signIn(page);
  await clear(page);
  await settled(page);
  const parent = ((await (await page.request.get("/api/me")).json()) as { member: { name: string } }).member.name;
  const nora = await neighbour(browser);
  const desk = await admin(browser);
  await taken(page, desk);
  await allowed(page, desk);
  await taken(nora, desk);
  await allowed(nora, desk);
  await expect(tabs(desk)).toHaveCount(2);
  await expect(tabs(desk).nth(0)).toContainText(/\d+:\d\d/); // what is left of the session
  await expect(tabs(desk).nth(1)).toHaveAccessibleName(/^Nora \d+ min of the session left/);

  await desk.keyboard.press("1");
  await expect(desk.getByRole("heading", { level: 2, name: new RegExp(`^${parent}`) })).toBeVisible();
  await desk.getByRole("tab", { name: "Box", exact: true }).click();
  await desk.getByRole("textbox", { name: "Name or address" }).fill(internet);
  await desk.getByRole("button", { name: "Measure", exact: true }).click();
  const ping = desk.getByRole("article", { name: `Ping ${internet}` }).last(); // the oldest
  await expect(ping).toContainText(/5 of 5 answers/, { timeout: 30_000 });
  await expect(ping.getByRole("figure", { name: "Time there and back" }).locator("canvas")).toBeVisible();
  const live = desk.getByRole("region", { name: "The box live" });
  await expect(live).toContainText(/The box reported .+ ago/);
  await expect(live.getByRole("figure", { name: `Latency to ${internet}` })).toContainText(/on average [\d.]+\u00a0ms/);
  await live.getByRole("figure", { name: `Latency to ${internet}` }).getByText("As a table").click();
  await expect(live.getByRole("row")).toHaveCount(2);
  await sound(desk);
  await live.getByRole("button", { name: "Watch for 2 minutes" }).click();
  await expect(live.getByRole("row").nth(2)).toContainText("ms", { timeout: 30_000 }); // the ping was asked again
  await live.getByRole("button", { name: "Stop watching" }).click();
  await expect(live.getByRole("button", { name: "Watch for 2 minutes" })).toBeVisible();
  await desk.getByRole("textbox", { name: `Reply to ${parent}` }).fill("For the first alone");

  await away(desk);
  await desk.keyboard.press("2");
  await expect(desk.getByRole("heading", { level: 2, name: /^Nora/ })).toBeVisible();
  await expect(desk.getByRole("textbox", { name: "Reply to Nora" })).toHaveValue("");
  await expect(desk.getByRole("tab", { name: "When they tapped" })).toHaveAttribute("aria-selected", "true");
  await desk.getByRole("tab", { name: "Box", exact: true }).click();
  await expect(desk.getByText("Nothing was measured yet.")).toBeVisible();
  await expect(desk.getByText("The home has no box.")).toBeVisible();
  await desk.getByRole("button", { name: "Watch for 2 minutes" }).click();
  await expect(live.getByRole("alert")).toContainText("The box does not answer now.");
  await expect(desk.getByRole("button", { name: "Watch for 2 minutes" })).toBeVisible(); // it has stopped by itself
  await writes(desk.getByRole("textbox", { name: "Reply to Nora" }), nora.locator("p", { hasText: /is writing…$/ }));
  await expect(page.locator("p", { hasText: /is writing…$/ })).toHaveCount(0);
  await desk.getByRole("textbox", { name: "Reply to Nora" }).fill("Hello Nora");
  await desk.keyboard.press("Control+Enter");
  await expect(nora.getByRole("log").getByText("Hello Nora")).toBeVisible();
  await expect(nora.locator("p", { hasText: /is writing…$/ })).toHaveCount(0); // it is there
  await desk.getByRole("tab", { name: "People and hours" }).click();
  await desk.getByRole("article", { name: "Mia" }).getByRole("button", { name: /^Pause/ }).first().click();
  await expect.poll(() => overridden(nora, nextDoor)).toEqual(["mia"]);
  expect(await overridden(page, home)).toEqual([]);

  await tabs(desk).nth(0).click();
  await expect(desk.getByRole("heading", { level: 2, name: new RegExp(`^${parent}`) })).toBeVisible();
  await expect(desk.getByRole("tab", { name: "Box", exact: true })).toHaveAttribute("aria-selected", "true");
  await expect(ping).toContainText(/5 of 5 answers/);
  await expect(desk.getByRole("textbox", { name: "Name or address" })).toHaveValue(internet);
  await expect(desk.getByRole("textbox", { name: `Reply to ${parent}` })).toHaveValue("For the first alone");
  await writes(nora.getByRole("textbox", { name: "Write something" }), tabs(desk).nth(1).getByText("writes…"));
  await nora.getByRole("button", { name: "Send", exact: true }).click();
  await expect(tabs(desk).nth(1)).toContainText("unread");
  await sound(desk);
  await desk.getByRole("textbox", { name: `Reply to ${parent}` }).press("Control+Enter");
  await expect(page.getByRole("log").getByText("For the first alone")).toBeVisible();
  await expect(page.getByRole("log")).not.toContainText("Nora");
  await expect(nora.getByRole("log")).not.toContainText("For the first");

  const sessions = (await (await desk.request.get("/api/staff/sessions")).json()) as { id: string; home: string }[];
  const first = sessions.find((one) => one.home === home)?.id ?? "";
  expect((await desk.request.get(`/api/homes/${nextDoor}`, { headers: { "Support-Session": first } })).status()).toBe(404);
  await strip(desk).getByRole("button", { name: "End the session" }).click();
  await expect(strip(desk)).toContainText("You ended the session at");
  await expect(desk.getByText("The session is over. Nothing more can be seen or changed.")).toBeVisible();
  await expect(ping).toContainText(/5 of 5 answers/);
  await expect(page.getByRole("dialog", { name: "The visit has ended" })).toBeVisible();
  await expect(nora.getByRole("region", { name: "Help", exact: true })).toBeVisible();

  await away(desk);
  await desk.keyboard.press("2");
  await expect(strip(desk).getByRole("button", { name: "End the session" })).toBeVisible();
  await expect(desk.getByRole("tab", { name: "People and hours" })).toHaveAttribute("aria-selected", "true");
  await desk.getByRole("article", { name: "Mia" }).getByRole("button", { name: /^Resume/ }).first().click();
  await expect.poll(() => overridden(nora, nextDoor)).toEqual([]);
  const own = page.url().split("/").pop() ?? ""; // the customer has the last word: nothing waits unread for who comes after
  expect((await page.request.post(`/api/homes/${home}/cases/${own}/messages`, { data: { text: "Thank you" } })).ok()).toBe(true);
  await settled(page);
  await settled(nora, nextDoor);
  await expect(tabs(desk)).toHaveCount(0);
  await nora.context().close();
  await desk.context().close();
});
