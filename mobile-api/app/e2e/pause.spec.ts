import { expect, test } from "@playwright/test";
import { clear, phone, signIn, told } from "./house";

test.beforeEach(async ({ page, request }) => {
  await signIn(page);
  await clear(page);
  await phone(request, "online");
});

test("a tap on Pause stops the phone's packets, and the screen says in force with the time", async ({ page, request }) => {
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  const card = page.getByRole("article", { name: "Léo", exact: true });
  await expect(card).toContainText(/Paused until \d\d:\d\d · by Parent/);
  await phone(request, "offline");
  await told(page, /In force since \d\d:\d\d/);
  await card.getByRole("button", { name: "Resume Léo" }).click();
  await phone(request, "online");
  await expect(card).toContainText("Online");
});

test("by keyboard alone", async ({ page, request }) => {
  const pause = page.getByRole("button", { name: "Pause Léo for 1 hour" });
  for (let taps = 0; taps < 30 && !(await pause.evaluate((b) => b === document.activeElement)); taps++) {
    await page.keyboard.press("Tab");
  }
  await expect(pause).toBeFocused();
  await page.keyboard.press("Enter");
  await phone(request, "offline");
});

test("undo takes the pause back", async ({ page, request }) => {
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");
  await page.getByRole("region", { name: "Léo paused" }).getByRole("button", { name: "Undo" }).click();
  await phone(request, "online");
});

test("another parent's open phone shows it at once", async ({ page, browser }) => {
  const other = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await signIn(other);
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await expect(other.getByRole("article", { name: "Léo", exact: true })).toContainText("Paused until");
  await other.context().close();
});
