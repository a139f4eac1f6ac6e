import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { home, join, opened, signIn } from "./house";
import { admin, hire, settled } from "./staff";

test.use({ actionTimeout: 15_000 }); // what is not there is said soon
test.setTimeout(180_000);

const sound = async (page: Page) => {
  await opened(page);
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
};

/** A picture of a few dots, as a phone would send it. */
const dots = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 60;
    canvas.getContext("2d")?.fillRect(5, 5, 20, 20);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });

test("one tap becomes a case, an agent answers, the customer reads it and says that it is solved", async ({ page, browser }) => {
  await signIn(page);
  await settled(page);
  await page.goto("/tv");
  await page.getByRole("link", { name: /^Help( \(New answer\))?$/ }).click();
  await page.getByRole("button", { name: "Talk to someone", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Your request" })).toBeVisible();
  await expect(page.getByText("We have your request.")).toBeVisible();
  await sound(page);

  const desk = await admin(browser);
  const clone = { since: "2026-11-02T09:00:00Z", newest: "2026-11-02T10:00:00Z", takeovers: 3, places: [{}, {}] };
  await desk.route("**/api/staff/boxes/box-1", (route) => route.fulfill({ json: { serial: "box-1", cloned: clone } }));
  await desk.goto("/support");
  await expect(desk.getByRole("heading", { name: "Support console" })).toBeVisible();
  await desk.keyboard.press("j"); // the only case that waits
  const centre = desk.getByRole("main");
  await expect(centre.getByRole("button", { name: "Take the case" })).toBeVisible();
  await expect(centre.getByText("The box when they tapped")).toBeVisible();
  await expect(centre.getByText(/^The box's identity is used in 2 places since .+: somebody has copied it/)).toBeVisible();
  await expect(desk.getByText("/tv looked at").first()).toBeVisible();
  await sound(desk);
  await centre.getByRole("button", { name: "Take the case" }).click();
  await expect(page.getByRole("heading", { name: /is on it$/ })).toBeVisible(); // without a reload

  await expect(desk.getByRole("textbox", { name: /^Reply to/ })).toBeVisible(); // the customer may hear of it before the desk
  await desk.keyboard.press("r");
  await desk.keyboard.type("Hello, I am looking at it.");
  await desk.keyboard.press("Control+Enter");
  await expect(page.getByRole("log").getByText("Hello, I am looking at it.")).toBeVisible();
  await desk.getByRole("textbox", { name: "Private note" }).fill("They were here in May, too.");
  await desk.getByRole("button", { name: "Keep the note" }).click();
  await expect(desk.getByRole("log").getByText("They were here in May, too.")).toBeVisible();

  await page.getByRole("textbox", { name: "Write something" }).fill("It is the one in the kitchen.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(desk.getByRole("log").getByText("It is the one in the kitchen.")).toBeVisible();
  const file = { name: "tv.png", mimeType: "image/png", buffer: Buffer.from(await dots(page), "base64") };
  await page.locator("input[type=file]").setInputFiles(file);
  const picture = desk.getByRole("log").getByRole("img");
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(60);
  expect(await page.getByRole("log").textContent()).not.toContain("May"); // private means private

  await desk.getByRole("button", { name: "Wrap up" }).click();
  const sheet = desk.getByRole("dialog", { name: "Wrap up" });
  await sheet.getByText("TV", { exact: true }).click();
  await sheet.getByRole("textbox").fill("Moved the TV to the other channel.");
  await sheet.getByRole("button", { name: "Wrap up" }).click();
  await expect(page.getByRole("heading", { name: "Was it solved?" })).toBeVisible();
  await expect(page.getByText("Moved the TV to the other channel.").first()).toBeVisible();
  await page.getByRole("button", { name: "Yes, solved" }).click();
  await expect(page.getByRole("heading", { name: /Thank you/ })).toBeVisible();
  await desk.context().close();
});

test("a case that is handed over keeps its clock, and its customer learns the new name", async ({ page, browser }) => {
  await signIn(page);
  await settled(page);
  const boss = await admin(browser);
  const sam = await join(page, browser, { role: "Adult", name: "Sam" });
  await hire(boss, sam, "a long enough word");
  await sam.setViewportSize({ width: 1440, height: 900 });
  await sam.goto("/support");
  await expect(sam.getByRole("heading", { name: "Support console" })).toBeVisible();

  await page.goto("/help");
  await page.getByRole("button", { name: "Talk to someone", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Your request" })).toBeVisible();
  const own = page.url().split("/").pop() ?? "";
  const clock = async () => ((await (await page.request.get(`/api/homes/${home}/cases/${own}`)).json()) as { case: { at: string } }).case.at;
  const asked = await clock();

  await boss.goto(`/support?case=${own}`);
  await boss.getByRole("button", { name: "Take the case" }).click();
  await boss.getByRole("button", { name: "Hand over" }).click();
  const sheet = boss.getByRole("dialog", { name: "Hand over" });
  await sheet.getByRole("radio", { name: /^Sam/ }).check();
  await sheet.getByRole("textbox", { name: "Reason" }).fill("knows this TV");
  await sheet.getByRole("textbox", { name: "What was tried" }).fill("everything");
  await sheet.getByRole("button", { name: "Hand over" }).click();
  await expect(boss.getByText(/^Offered to Sam until/)).toBeVisible();

  await sam.goto(`/support?case=${own}`);
  await expect(sam.getByText("knows this TV – tried: everything").first()).toBeVisible();
  await sam.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByText("Sam is here.")).toBeVisible();
  await expect(boss.getByRole("button", { name: "Hand over" })).toBeHidden();
  await expect(boss.getByText("Sam also reads this case").first()).toBeVisible();
  expect(await clock()).toBe(asked);
  await settled(page);
  await sam.context().close();
  await boss.context().close();
});

test("without a network what was said can be read, and asking says why it cannot", async ({ page, context }) => {
  await signIn(page);
  await settled(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.goto("/help");
  await page.getByRole("button", { name: "Talk to someone", exact: true }).click();
  await page.getByRole("textbox", { name: "Write something" }).fill("Kept for later");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("log").getByText("Kept for later")).toBeVisible();
  await page.goto("/help/case/" + (page.url().split("/").pop() ?? ""));
  await expect.poll(() => page.evaluate(() => localStorage.getItem("carebox.last") ?? "")).toContain("Kept for later");
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("log").getByText("Kept for later")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Write something" })).toBeDisabled();
  await expect(page.getByText("Asking needs a connection.")).toBeVisible();
  await context.setOffline(false);
  await page.reload();
  await settled(page);
});

test("a password alone does not open the console, and it is said what does", async ({ page, browser }) => {
  await signIn(page);
  await page.goto("/support");
  await expect(page.getByText("This entrance is for support, supervisors and admins")).toBeVisible();
  const boss = await admin(browser);
  const kim = await join(page, browser, { role: "Adult", name: "Kim" });
  const me = (await (await kim.request.get("/api/me")).json()) as { member: { email: string } };
  await boss.request.put("/api/staff/members", { data: { email: me.member.email, role: "support" } });
  await kim.goto("/support");
  await expect(kim.getByRole("heading", { name: "Sign in with a second factor" })).toBeVisible();
  await sound(kim);
  await kim.context().close();
  await boss.context().close();
});

test("at 320 px a case takes the place of the queue, and nothing scrolls sideways", async ({ page, browser }) => {
  await signIn(page);
  await settled(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/help");
  await expect(page.getByRole("button", { name: "Talk to someone", exact: true })).toBeVisible();
  await sound(page);
  await page.getByRole("button", { name: "Talk to someone", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Your request" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  const desk = await admin(browser, { width: 320, colorScheme: "dark" });
  await desk.goto("/support");
  await desk.getByRole("navigation", { name: "Queue" }).getByRole("link").first().click();
  await expect(desk.getByRole("button", { name: "Take the case" })).toBeVisible();
  await expect(desk.getByRole("navigation", { name: "Queue" })).toBeHidden();
  expect(await desk.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await sound(desk);
  await settled(page);
  await desk.context().close();
});
