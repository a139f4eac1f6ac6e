import { expect, test } from "@playwright/test";
import { clear, signIn } from "../e2e/house";
import { withRadios } from "../e2e/radio";
import { asking, living, withVisit } from "../e2e/visit";
import { camera, looks, nameOf, wordsOf } from "./look";

// Guides, and a person who helps: scripts/screens DIR.

const noon = new Date(Date.now() + 86_400_000).toISOString();

const proposed = (code: string, subject: string, difference: object) => ({
  id: "p1", session: "s1", change: { code, subject }, revision: 9, hash: "abc", state: "open", asked: new Date().toISOString(), left: 300,
  differences: [difference],
});

/** A line of the account: an agent changed somebody's role, and they confirmed it. */
const changed = {
  seq: 1, at: new Date().toISOString(), verb: "change", via: "support+approved", kind: "staff", actor: { id: "j", name: "Julie" }, approved: "m1",
  detail: { code: "member", subject: "m1" }, sum: "", prev: "", hash: "",
};

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
      visit.proposals = [proposed("person", "leo", { path: "people/leo", before: { id: "leo", name: "Léo" }, after: { id: "leo", name: "Léonard" } })];
      await page.reload();
      await expect(page.getByRole("button", { name: w.consent.approve })).toBeVisible();
      await take("visit");
      const sam = { name: "Sam", role: "adult", person: "" };
      await page.route(/\/members$/, (route) => route.fulfill({ json: [{ ...sam, id: "m1", email: "", me: false }] }));
      visit.proposals = [proposed("member", "m1", { path: "members/m1", before: sam, after: { ...sam, role: "owner" } })];
      visit.lines = [changed];
      await page.reload();
      await expect(page.getByRole("region", { name: w.consent.changes }).getByRole("listitem")).toBeVisible();
      await take("visit-member");
      visit.proposals = [proposed("invitation", "", { path: "invitations", after: { role: "child", person: "leo" } })];
      await page.route(/\/approve$/, (route) => route.fulfill({ status: 201, json: { invitation: { expires: noon }, code: "x", url: "https://home.example/join#x", expires: noon } }));
      await page.reload();
      await page.getByRole("button", { name: w.consent.approve }).click();
      await expect(page.getByRole("dialog", { name: w.members.invite })).toBeVisible();
      await take("visit-invitation", false);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: w.consent.stop, exact: true }).click();
      await expect(page.getByRole("dialog", { name: w.consent.ended })).toBeVisible();
      await take("visit-ended", false);
      await page.goto("/settings");
      await page.getByRole("button", { name: w.audit.open, exact: true }).click();
      await expect(page.getByRole("button", { name: w.audit.read })).toBeVisible();
      await take("account");
    });
  });
}
