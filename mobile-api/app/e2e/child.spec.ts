import { expect, test } from "@playwright/test";
import { askOnPhone, clear, pageOnPhone, phone, signIn } from "./house";

test("a paused child asks on the box's own page, a parent grants, and packets flow", async ({ page, request }) => {
  await signIn(page);
  await clear(page);
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");

  await expect.poll(() => pageOnPhone(request, "fr")).toContain("Internet est en pause sur cet appareil");
  const shown = await pageOnPhone(request, "en");
  expect(shown).toContain("Internet is paused on this device");
  expect(shown).toContain("Parent");

  await askOnPhone(request, { minutes: "30", why: "homework" });
  const ask = page.getByRole("article", { name: /Léo.*30/ });
  await expect(ask).toBeVisible();
  await expect.poll(() => pageOnPhone(request, "en")).toMatch(/Sent at|has seen it/);
  await ask.getByRole("button", { name: /15/ }).click();
  await phone(request, "online");
  await expect(page.getByRole("article", { name: "Léo", exact: true })).toContainText(/Extra time until/);
});

test("an online phone is left alone", async ({ page, request }) => {
  await signIn(page);
  await clear(page);
  await phone(request, "online");
  await expect.poll(() => pageOnPhone(request, "en")).not.toContain("paused");
});
