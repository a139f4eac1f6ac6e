import { expect, test, type Page } from "@playwright/test";
import { clear, home, signIn, told } from "./house";

type Row = { device: string; from: string; to: string; online: boolean; reason: { kind: string; id: string } };

/** What the phone may do from Monday noon to Tuesday noon, 11 and 12 January 2027, an hour ahead of UTC. */
async function cuts(page: Page) {
  const range = "from=2027-01-11T11:00:00Z&to=2027-01-12T11:00:00Z";
  const rows = (await (await page.request.get(`/api/homes/${home}/timeline?${range}`)).json()) as Row[];
  return rows.filter((row) => row.device === "leo-phone" && !row.online).map(({ from, to }) => `${from}/${to}`);
}

/** Paints on Monday with a finger's path, and brings the block to 18:00–20:00 by its buttons and fields. */
async function paintMonday(page: Page) {
  await page.goto("/hours/person/leo");
  await expect(async () => {
    const head = await page.getByRole("button", { name: /Add hours on Monday/ }).boundingBox();
    if (!head) throw new Error("Monday is not on the screen"); // yet, or it is drawn anew just now
    const x = head.x + head.width / 2;
    await page.mouse.move(x, head.y + 200);
    await page.mouse.down();
    await page.mouse.move(x, head.y + 300, { steps: 10 });
    await page.mouse.up();
    await expect(page.getByRole("button", { name: /^Offline, .*Monday/ })).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await page.getByRole("textbox", { name: "Start" }).fill("18:00");
  await page.getByRole("textbox", { name: "End" }).fill("20:00");
  await page.getByRole("button", { name: "End 15 minutes later" }).click();
}

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await clear(page);
});

test("a week that was painted is the timeline that was compiled", async ({ page }) => {
  await paintMonday(page);
  await page.getByRole("button", { name: /^Save/ }).click();
  await told(page, /In force since/);
  expect(await cuts(page)).toEqual(["2027-01-11T17:00:00Z/2027-01-11T19:15:00Z"]);
});

test("by keys alone: the focus goes with the block to the next day, and stays in the week when it is deleted", async ({ page }) => {
  await paintMonday(page);
  await page.getByRole("button", { name: /^Offline, .*Monday/ }).press("ArrowRight");
  await expect(page.getByRole("button", { name: /^Offline, .*Tuesday/ })).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(page.getByRole("button", { name: /^Offline, / })).toHaveCount(0);
  await expect(page.getByRole("group", { name: "Grid" })).toBeFocused();
});

test("school nights in one tap, over midnight as one block", async ({ page }) => {
  await page.goto("/person/leo");
  await page.getByRole("button", { name: /^School nights/ }).click();
  await told(page, /In force since/);
  expect(await cuts(page)).toEqual(["2027-01-11T20:00:00Z/2027-01-12T06:00:00Z"]);
});

test("two parents change the same hours: the second sees the difference and decides", async ({ page, browser }) => {
  const other = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await signIn(other);
  await paintMonday(other);
  await paintMonday(page);
  await page.getByRole("button", { name: /^Save/ }).click();
  await told(page, /In force since/);
  await other.getByRole("button", { name: /^Save/ }).click();
  await expect(other.getByText(/while you were editing/)).toBeVisible();
  await other.context().close();
});
