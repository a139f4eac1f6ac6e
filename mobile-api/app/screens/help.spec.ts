import { expect, test } from "@playwright/test";
import { clear, signIn } from "../e2e/house";
import { withRadios } from "../e2e/radio";
import { asking, living, withVisit } from "../e2e/visit";
import { camera, looks, nameOf, wordsOf } from "./look";

// Guides, and a person who helps: scripts/screens DIR.

for (const look of looks) {
  const { width, locale, colorScheme } = look;
  const w = wordsOf(look);
  test.describe(nameOf(look), () => {
    test.use({ locale, colorScheme, viewport: { width, height: 844 } });
    test.use({ actionTimeout: 20_000 });

    test("guides", async ({ page }) => {
      const take = camera(page, look);
      await signIn(page);
      await clear(page);
      await withRadios(page, "rolled-back");
      await page.goto("/help/guide/tv-freezes");
      await expect(page.getByRole("button", { name: w.guide.dontKnow })).toBeVisible();
      await take("guide-question");
      await page.unrouteAll({ behavior: "wait" });
      await page.goto("/help/guide/cannot-connect");
      await expect(page.getByRole("button", { name: w.guide.dontKnow })).toBeVisible();
      await take("guide-choice");
    });

    test("a person who helps", async ({ page }) => {
      const take = camera(page, look);
      const visit = await withVisit(page, asking);
      await signIn(page);
      await expect(page.getByRole("dialog", { name: w.consent.title })).toBeVisible();
      await take("consent", false);
      visit.session = living(700);
      visit.proposals = [
        {
          id: "p1", session: "s1", change: { code: "person", subject: "leo" }, revision: 9, hash: "abc", state: "open", asked: new Date().toISOString(),
          left: 300, differences: [{ path: "people/leo", before: { id: "leo", name: "L\u00e9o" }, after: { id: "leo", name: "L\u00e9onard" } }],
        },
      ];
      await page.reload();
      await expect(page.getByRole("button", { name: w.consent.approve })).toBeVisible();
      await take("visit");
      await page.getByRole("button", { name: w.consent.stop, exact: true }).click();
      await expect(page.getByRole("dialog", { name: w.consent.ended })).toBeVisible();
      await take("visit-ended", false);
    });
  });
}
