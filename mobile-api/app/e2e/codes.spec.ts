import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { signIn } from "./house";
import { codeOf } from "./totp";

test("codes are set up, asked for at sign-in, and taken away", async ({ page }) => {
  const password = process.env.CAREBOX_PASSWORD ?? "";
  await signIn(page);
  await page.goto("/settings");
  const section = page.getByRole("region", { name: "Codes at sign-in" });
  await section.getByRole("button", { name: "Ask for codes" }).click();
  const start = page.getByRole("dialog", { name: "Ask for codes" });
  await start.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await expect(start.getByRole("img", { name: "QR code for the app" })).toBeVisible();
  const broken = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
  expect(broken.violations).toEqual([]);
  const secret = ((await start.locator("[data-key]").textContent()) ?? "").replaceAll(" ", "");
  await expect(start.getByRole("textbox", { name: "Code" })).toBeFocused();
  await page.keyboard.type("12345");
  await page.keyboard.press("Enter");
  await expect(start.getByRole("alert")).toContainText("This is not the code of the moment");
  await start.getByRole("textbox", { name: "Code" }).fill(codeOf(secret));
  await page.keyboard.press("Enter");
  await expect(start).toBeHidden();
  await expect(section).toContainText("Your password needs a code.");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("textbox", { name: /e-?mail/i }).fill(process.env.CAREBOX_EMAIL ?? "");
  await page.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Code" })).toBeFocused();
  const wrong = await new AxeBuilder({ page }).analyze();
  expect(wrong.violations).toEqual([]);
  await page.keyboard.type("12345");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("This code is wrong, or has been used.");
  await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, 1));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article", { name: "Léo", exact: true })).toBeVisible();

  await page.goto("/settings");
  await section.getByRole("button", { name: "Ask for codes no more" }).click();
  const stop = page.getByRole("dialog", { name: "Ask for codes no more" });
  await stop.locator("input[type=password]").fill(password);
  await page.keyboard.press("Enter");
  await expect(stop).toBeHidden();
  await expect(section).toContainText("Your password is enough.");
});
