import { expect, test, type Page } from "@playwright/test";
import { withRadios } from "../e2e/radio";
import { agent, askOnPhone, clear, pageOnPhone, phone, signIn } from "../e2e/house";

// Pictures of every screen and important state, for reviewers: scripts/screens DIR.
const dir = process.env.CAREBOX_SCREENS ?? "screens";
const looks = [390, 1280].flatMap((width) =>
  (["light", "dark"] as const).flatMap((colorScheme) => ["fr-FR", "en-GB"].map((locale) => ({ width, colorScheme, locale }))),
);

for (const { width, colorScheme, locale } of looks) {
  const name = `${locale.slice(0, 2)}-${width}-${colorScheme}`;
  test.describe(name, () => {
    test.use({ locale, colorScheme, viewport: { width, height: 844 } });

    test("every screen", async ({ page, request }) => {
      test.setTimeout(240_000);
      const take = async (what: string) => {
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        await page.screenshot({ path: `${dir}/${what}-${name}.png`, fullPage: true, animations: "disabled" });
      };
      await page.goto("/");
      await expect(page.locator("input[type=password]")).toBeVisible();
      await take("sign-in");
      await signIn(page);
      await clear(page);
      await phone(request, "online");
      await take("home");
      await pausedHome(page);
      await phone(request, "offline");
      await take("home-paused");
      await page.goto("/person/leo");
      await heading(page);
      await take("person-paused");
      await page.goto("about:blank"); // the app's own policy forbids the page's style
      await page.setContent(await paused(request, locale));
      await take("phone-paused");
      await askOnPhone(request, { minutes: "30", why: "homework" });
      await page.setContent(await paused(request, locale));
      await take("phone-asked");
      await page.goto("/");
      await expect(page.getByRole("article", { name: /Léo.*30/ })).toBeVisible();
      await take("home-asked");
      await page.getByRole("article", { name: /Léo.*30/ }).getByRole("button").first().click(); // a refusal would make the next look wait
      await clear(page);
      await phone(request, "online");
      await page.goto("/person/leo");
      await page.getByRole("button", { name: /^(School nights|Soirs)/ }).click();
      await take("person-hours");
      for (const [what, path] of [
        ["hours", "/hours/person/leo"],
        ["device", "/device/tv"],
        ["tv-empty", "/tv"],
        ["activity", "/activity"],
        ["settings", "/settings"],
        ["members", "/members"],
        ["nothing-here", "/nowhere"],
      ] as const) {
        await page.goto(path);
        await expect(page.getByRole("main")).toBeVisible();
        await take(what);
      }
      await clear(page);
      for (const of of ["kept", "moved"] as const) {
        await withRadios(page, of);
        await page.goto("/tv");
        await expect(page.getByRole("article", { name: "TV", exact: true })).toBeVisible();
        await take(`tv-${of}`);
      }
      await page.getByRole("button", { name: /^(Change|Modifier)$/ }).click();
      await expect(page.getByRole("dialog").getByRole("radio").first()).toBeVisible();
      await take("tv-sheet");
    });
  });
}

test("the box is gone", async ({ page, request }) => {
  await signIn(page);
  await agent(request, "kill");
  try {
    await expect(page.getByRole("region", { name: "The box" })).toContainText(/unreachable/i);
    await page.screenshot({ path: `${dir}/home-box-gone-en-390-light.png`, fullPage: true });
  } finally {
    await agent(request, "start");
  }
});

test("the phone is offline", async ({ page, context }) => {
  await signIn(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect.poll(() => page.evaluate(() => localStorage.getItem("carebox.last") ?? "")).toContain("Léo");
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/You are offline/).first()).toBeVisible();
  await page.screenshot({ path: `${dir}/home-offline-en-390-light.png`, fullPage: true });
});

const heading = (page: Page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible();

const pausedHome = (page: Page) => page.getByRole("button", { name: /Léo.*1 h/ }).click();

async function paused(request: Parameters<typeof pageOnPhone>[0], locale: string) {
  await expect.poll(() => pageOnPhone(request, locale)).toMatch(/Internet (est en pause|is paused)/);
  return pageOnPhone(request, locale);
}
