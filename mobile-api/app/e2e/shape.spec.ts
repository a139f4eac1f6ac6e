import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { clear, signIn } from "./house";

const screens = ["/", "/person/leo", "/device/tv", "/hours/person/leo", "/tv", "/activity", "/settings", "/members"];

for (const locale of ["en-GB", "fr-FR"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${locale}, ${colorScheme}`, () => {
      test.use({ locale, colorScheme });

      test("no screen has a fault that a machine can find", async ({ page }) => {
        test.setTimeout(240_000); // eight screens are much to look at on a busy machine
        await signIn(page);
        for (const screen of screens) {
          await page.goto(screen);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
          expect(violations.map((v) => `${screen}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
        }
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
