import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { clear, signIn } from "./house";

const screens = [
  "/", "/person/leo", "/device/tv", "/hours/person/leo", "/tv", "/activity",
  "/settings", "/members", "/help", "/help/guide/tv-freezes",
];

const doors = ["/sign-in", "/forgot", "/reset", "/join", "/enter"];

/** Looks for faults on what is shown, or on a part of it. */
async function faultless(page: Page, name: string, part?: string) {
  const axe = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]);
  const { violations } = await (part ? axe.include(part) : axe).analyze();
  expect(violations.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
}

for (const locale of ["en-GB", "fr-FR"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme });

      test("no screen has a fault that a machine can find", async ({ page }) => {
        test.setTimeout(240_000); // nine screens are much to look at on a busy machine
        await signIn(page);
        for (const screen of screens) {
          await page.goto(screen);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await faultless(page, screen);
        }
        await page.goto("/settings");
        await page.getByRole("button", { name: locale === "en-GB" ? "Change the time zone" : "Changer le fuseau horaire" }).click();
        const dialog = page.getByRole("dialog");
        await expect(dialog.getByRole("textbox")).toBeFocused();
        await expect(dialog).toHaveCSS("opacity", "1");
        await faultless(page, "time zone", "[role=dialog]");
      });

      test("no door has a fault that a machine can find, and at none is it asked who is signed in", async ({ page }) => {
        const asked: string[] = [];
        page.on("request", (request) => (request.url().endsWith("/api/me") ? asked.push(page.url()) : undefined));
        for (const door of doors) {
          await page.goto(door);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await faultless(page, door);
        }
        expect(asked).toEqual([]); // that nobody is would send them from their door to another
      });
    });
  }
}

for (const locale of ["en-GB", "fr-FR"]) {
  for (const width of [320, 390, 1280]) {
    test.describe(`${locale}, ${width} px`, () => {
      test.use({ locale, viewport: { width, height: 700 } });

      test("nothing scrolls sideways", async ({ page }) => {
        await signIn(page);
        await clear(page);
        for (const screen of screens) {
          await page.goto(screen);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), screen).toBeLessThanOrEqual(width);
        }
      });
    });
  }
}

test("in French", async ({ browser }) => {
  const page = await (await browser.newContext({ locale: "fr-FR" })).newPage();
  await signIn(page);
  await expect(page.getByRole("region", { name: "La box" })).toContainText("La box va bien");
  await expect(page.getByRole("button", { name: /Mettre Léo en pause|Pause.*Léo/ })).toBeVisible();
  await page.context().close();
});
