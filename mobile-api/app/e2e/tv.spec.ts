import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { agent, clear, home, opened, signIn, told } from "./house";
import { holds, withRadios } from "./radio";

test.afterEach(({ page }) => page.unrouteAll({ behavior: "ignoreErrors" })); // an answer may be on its way when a test is over

const tv = (page: Page) => page.getByRole("article", { name: "TV", exact: true });
const revision = async (page: Page) =>
  ((await (await page.request.get(`/api/homes/${home}`)).json()) as { asked: { revision: number } }).asked.revision;

/** The sheet, opened by the one act of the screen. */
async function reserve(page: Page) {
  await page.goto("/tv");
  await page.getByRole("button", { name: "Reserve for the TV" }).click();
  return page.getByRole("dialog", { name: "Keep a place" });
}

test.describe("in a house with a line and no radios", () => {
  test.beforeEach(async ({ page }) => {
    await signIn(page);
    await clear(page);
  });

  test("a part of the line is asked for, kept by the box, told in Activity, and taken back", async ({ page }) => {
    await page.getByRole("link", { name: "TV & video" }).click();
    await expect(page.getByText("Nothing is kept for the TV yet")).toBeVisible();
    const sheet = await reserve(page);
    await expect(sheet.getByRole("checkbox", { name: "TV", exact: true })).toBeChecked();
    await sheet.getByRole("radio", { name: /^HD/ }).check();
    await sheet.getByRole("button", { name: "Reserve for the TV" }).click();
    await expect(tv(page)).toContainText(/8\u00a0Mbit\/s held for TV since \d\d:\d\d/);
    await expect(page.getByText(/8\u00a0Mbit\/s are kept, 80\u00a0Mbit\/s may be/)).toBeVisible();
    await page.goto("/activity");
    const told = page.getByRole("listitem").filter({ hasText: "Parent kept a place for TV" }).first();
    await expect(told).toContainText(/in force/i);
    await told.getByRole("button", { name: /^Undo/ }).click();
    await page.goto("/tv");
    await expect(page.getByText("Nothing is kept for the TV yet")).toBeVisible();
  });

  test("more than the line has is refused before anything moves, and one tap takes what there is", async ({ page }) => {
    const sheet = await reserve(page);
    await sheet.getByRole("radio", { name: "Other" }).check();
    await sheet.getByRole("textbox", { name: "Speed to keep, in Mbit/s" }).fill("90");
    const before = await revision(page);
    await sheet.getByRole("button", { name: "Reserve for the TV" }).click();
    await expect(sheet.getByRole("alert")).toContainText("Not possible: 90\u00a0Mbit/s asked, the line can hold 80");
    expect(await revision(page)).toBe(before);
    await sheet.getByRole("button", { name: "Take 80\u00a0Mbit/s" }).click();
    await sheet.getByRole("button", { name: "Reserve for the TV" }).click();
    await expect(tv(page)).toContainText(/80\u00a0Mbit\/s held for TV since/);
    await tv(page).getByRole("button", { name: "Give it up" }).click();
    await expect(tv(page)).toBeHidden();
    await page.getByRole("region", { name: /No place kept/ }).getByRole("button", { name: "Undo" }).click();
    await expect(tv(page)).toContainText(/80\u00a0Mbit\/s held for TV since/);
  });

  test("changed to some evenings, by keyboard alone", async ({ page }) => {
    const sheet = await reserve(page);
    await sheet.getByRole("radio", { name: "Always" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(sheet.getByRole("radio", { name: "Every evening" })).toBeChecked();
    await page.keyboard.press("ArrowRight");
    await sheet.getByRole("checkbox", { name: "Monday" }).focus();
    await page.keyboard.press("Space");
    await sheet.getByRole("button", { name: "Reserve for the TV" }).focus();
    await page.keyboard.press("Enter");
    await expect(tv(page)).toContainText(/Tue.*Sun, 18:00 → 00:00/);
    await expect(tv(page)).toContainText(/held for TV since|Kept again from/);
  });

  test("a box that is gone keeps the truth as of then, and takes the change when it is back", async ({ page, request }) => {
    const sheet = await reserve(page);
    await sheet.getByRole("button", { name: "Reserve for the TV" }).click();
    await expect(tv(page)).toContainText(/25\u00a0Mbit\/s held for TV since/);
    await agent(request, "kill");
    try {
      await expect(tv(page)).toContainText(/this was true at/, { timeout: 70_000 });
      await tv(page).getByRole("button", { name: "Change" }).click();
      const change = page.getByRole("dialog", { name: "Change what is kept" });
      await change.getByRole("radio", { name: /^4K sport/ }).check();
      await change.getByRole("button", { name: "Save" }).click();
      await told(page, /will apply when the box is back/i);
      await expect(tv(page)).toContainText(/25\u00a0Mbit\/s held/);
    } finally {
      await agent(request, "start");
    }
    await expect(tv(page)).toContainText(/40\u00a0Mbit\/s held for TV since/, { timeout: 40_000 });
  });

  test("in French, with what is wrong in French", async ({ browser }) => {
    const page = await (await browser.newContext({ locale: "fr-FR" })).newPage();
    await signIn(page);
    await page.goto("/tv");
    await page.getByRole("button", { name: "Réserver pour la télé" }).click();
    const sheet = page.getByRole("dialog", { name: "Garder une place" });
    await sheet.getByRole("radio", { name: "Autre" }).check();
    await sheet.getByRole("textbox", { name: "Débit à garder, en Mbit/s" }).fill("82,5");
    await sheet.getByRole("button", { name: "Réserver pour la télé" }).click();
    await expect(sheet.getByRole("alert")).toContainText(/Impossible.*la ligne peut en garder 80/);
    await page.context().close();
  });
});

test.describe("with radios", () => {
  test("the picture is walked by arrow keys, says what each channel is like, and leads to keeping it", async ({ page }) => {
    await signIn(page);
    await withRadios(page, "kept");
    await page.goto("/tv");
    await expect(tv(page)).toContainText(/Channel 44, kept for TV since \d\d:\d\d · 25\u00a0Mbit\/s held/);
    await expect(tv(page).getByRole("row", { name: /Signal/ })).toContainText(/fair.*strong/);
    const five = page.getByRole("radiogroup", { name: "5\u00a0GHz Wi-Fi" });
    await five.getByRole("radio", { name: /^Channel 44, in use, kept for TV/ }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(five.getByRole("radio", { name: /^Channel 52,.*radar heard, closed until/ })).toBeChecked();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("button", { name: "Keep channel 56 for TV" }).click();
    const sheet = page.getByRole("dialog", { name: "Change what is kept" });
    await expect(sheet.getByRole("combobox", { name: "Channel" })).toHaveValue("56");
    await expect(sheet).toContainText("needs a minute of radar listening");
    await expect(sheet.getByRole("radio", { name: "When nobody uses the Wi-Fi" })).toBeChecked();
  });

  test("the same is there as a table", async ({ page }) => {
    await signIn(page);
    await withRadios(page, "moved");
    await page.goto("/tv");
    await expect(tv(page)).toContainText(/Radar detected: the box moved to channel 44, back at \d\d:\d\d/);
    const five = page.getByRole("region", { name: "5\u00a0GHz Wi-Fi" });
    await five.getByText("As a table").click();
    await expect(five.getByRole("row", { name: /^52/ })).toContainText(/asked for TV.*closed until/);
    await expect(five.getByRole("row", { name: /^TV/ })).toContainText("866");
  });

  test("a radar check that waits can be had at once", async ({ page }) => {
    await signIn(page);
    await withRadios(page, "delayed");
    await page.goto("/tv");
    const asked = page.waitForRequest((request) => request.method() === "PUT" && request.url().endsWith("/reservations/tv"));
    await tv(page).getByRole("button", { name: /Do it now/ }).click();
    expect((await asked).postDataJSON()).toMatchObject({ id: "tv", channel: 60, now: true });
  });

  test("nothing scrolls sideways at 320 px, whatever the box says", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    await signIn(page);
    for (const of of Object.keys(holds) as (keyof typeof holds)[]) {
      await withRadios(page, of);
      await page.goto("/tv");
      await expect(tv(page)).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), of).toBeLessThanOrEqual(320);
    }
  });

  for (const locale of ["en-GB", "fr-FR"]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`no fault that a machine can find, ${locale}, ${colorScheme}`, async ({ browser }) => {
        const page = await (await browser.newContext({ locale, colorScheme, viewport: { width: 320, height: 700 } })).newPage();
        await signIn(page);
        await withRadios(page, "moved");
        await page.goto("/tv");
        await expect(tv(page)).toBeVisible();
        await faultless(page);
        await tv(page).getByRole("button", { name: /^(Change|Modifier)$/ }).click();
        await expect(page.getByRole("dialog").getByRole("radio").first()).toBeVisible();
        await faultless(page);
        await page.context().close();
      });
    }
  }
});

async function faultless(page: Page) {
  await opened(page);
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
}
