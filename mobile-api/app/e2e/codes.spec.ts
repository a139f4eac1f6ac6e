import { createHmac } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { signIn } from "./house";

/** What an authenticator app shows (RFC 6238), in the step after the present one by so many. */
function codeOf(secret: string, ahead: number): string {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const sum = createHmac("sha1", key).update(step).digest();
  const at = (sum[19] ?? 0) & 15;
  return ((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}

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
  await start.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, 0));
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
