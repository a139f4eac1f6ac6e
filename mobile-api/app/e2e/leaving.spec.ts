import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { alone, clear, home, join, opened, signIn } from "./house";

/** What a machine can find wrong with what is shown. */
async function faults(page: Page) {
  await opened(page);
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await clear(page);
  await alone(page);
});

test("a child who was signed out comes back as the same member, by a link that works once", async ({ page, browser }) => {
  const child = await join(page, browser, { role: "Child", name: "Mia" });
  await child.goto("/settings");
  await child.getByRole("button", { name: "Sign out" }).click();
  await expect(child.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();

  await page.goto("/members");
  await page.getByRole("button", { name: /^New way in.*Mia/ }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "A new way in for Mia" });
  await dialog.getByRole("button", { name: "Make a code" }).press("Enter");
  const link = new URL((await dialog.locator("svg title").textContent()) ?? "");
  expect(await faults(page)).toEqual([]);

  await child.goto(link.pathname + link.hash);
  expect(await faults(child)).toEqual([]);
  await child.getByRole("button", { name: "Sign in", exact: true }).press("Enter");
  await expect(child.getByRole("heading", { name: "Your time" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("listitem").filter({ hasText: "Mia" })).toHaveCount(1);
  await child.goto("about:blank");
  await child.goto(link.pathname + link.hash);
  await child.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(child.getByRole("alert")).toContainText("has been used or has ended");
  await child.context().close();
});

test("the only owner is told what stands against leaving; an adult's account goes", async ({ page, browser }) => {
  const adult = await join(page, browser, { role: "Adult", name: "Sam" });
  for (const [who, password] of [
    [page, process.env.CAREBOX_PASSWORD ?? ""],
    [adult, "a long enough word"],
  ] as const) {
    await who.goto("/settings");
    await who.getByRole("button", { name: "Delete my account" }).click();
    await who.getByRole("dialog").locator("input[type=password]").fill(password);
    await who.getByRole("button", { name: "Delete my account for ever" }).click();
  }
  await expect(page.getByRole("alert").filter({ hasText: "You are the only owner of" })).toBeVisible();
  await expect(adult.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await page.goto("/members");
  await expect(page.getByRole("listitem")).toHaveCount(1);
  await adult.context().close();
});

test("what to hear of and when is kept", async ({ page }) => {
  const data = { muted: ["hours"], quiet: { on: true, from: "22:00", to: "07:00" } }; // as for who has chosen nothing
  expect((await page.request.put("/api/me/push", { data })).ok()).toBe(true);
  await page.goto("/settings");
  const section = page.getByRole("region", { name: "Notifications" });
  const hours = section.getByRole("checkbox", { name: /another adult has changed hours/ });
  await expect(hours).not.toBeChecked(); // unless somebody wants it
  await hours.press("Space");
  await expect(hours).toBeChecked();
  const kept = () => page.waitForResponse((answer) => answer.request().method() === "PUT" && (answer.request().postData() ?? "").includes('"quiet"'));
  await section.getByLabel("From").fill("21:15");
  const [early] = await Promise.all([kept(), section.getByLabel("To").focus()]);
  expect(early.ok()).toBe(true);
  await expect(page.getByText("Saved")).toBeAttached();
  await page.reload();
  await expect(section.getByLabel("From")).toHaveValue("21:15");
  await expect(hours).toBeChecked();
  await section.getByLabel("To").fill("21:15");
  await expect(section.getByRole("alert")).toContainText("must differ");
  await section.getByLabel("To").fill("07:00");
  const night = section.getByRole("switch", { name: "Do not disturb at night" });
  await night.focus();
  await expect(night).toBeEnabled();
  await night.press("Space");
  await expect(section.getByLabel("From")).toHaveCount(0);
  await expect(night).toBeEnabled();
  await night.press("Space");
  await section.getByLabel("From").fill("22:00");
  await Promise.all([kept(), hours.click()]); // leaving the time saves it first; the choice waits for that
  await expect(hours).not.toBeChecked();
  await page.reload();
  await expect(hours).not.toBeChecked();
  await expect(section.getByLabel("From")).toHaveValue("22:00");
});

test("a notification opens its home and screen, in a new window and in one that is open", async ({ page }) => {
  await page.goto(`/activity?home=${home}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/activity$/);
  expect(await page.evaluate(() => localStorage.getItem("carebox.home"))).toBe(home);
  await page.goto("/?home=of-nobody-here");
  await expect(page.getByRole("article", { name: "Léo", exact: true })).toBeVisible();
  await page.evaluate((to) => {
    navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { type: "carebox-open", to } }));
  }, { screen: "activity", home });
  await expect(page).toHaveURL(/\/activity$/);
});
