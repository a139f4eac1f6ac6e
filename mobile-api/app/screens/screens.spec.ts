import { expect, test } from "@playwright/test";
import { address, agent, alone, askOnPhone, clear, pageOnPhone, phone, phoneAddress, signIn } from "../e2e/house";
import { withRadios } from "../e2e/radio";
import { admin, settled } from "../e2e/staff";
import { camera, change, consoleOf, dialog, looks, nameOf, until, wordsOf } from "./look";

// Pictures of every screen and important state, for reviewers: scripts/screens DIR.

/** An hour ago and a while ahead, so that what is counted and cut today has something to show. */
const weekly = (id: string, more: object) => ({ id, for: { person: "leo" }, days: ["Monday", "Tuesday", "Thursday", "Sunday"], ...more });
const lived = {
  schedules: [
    weekly("s1", { name: "Soirs d'école", start: "21:00", duration: 36_000 }),
    weekly("s2", { name: "Devoirs", days: ["Monday", "Friday"], start: "17:00", duration: 5_400 }),
  ],
  budgets: [{ id: "b1", for: { person: "leo" }, days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"], amount: 7_200 }],
  exceptions: [
    { id: "e1", for: { person: "leo" }, date: "2099-12-24", name: "Réveillon", windows: [] },
    { id: "e2", for: { home: true }, date: "2099-12-25", windows: [{ start: "23:00", duration: 36_000 }] },
  ],
};

for (const look of looks) {
  const { width, locale, colorScheme } = look;
  const w = wordsOf(look);
  test.describe(nameOf(look), () => {
    test.use({ locale, colorScheme, viewport: { width, height: 844 } });
    test.use({ actionTimeout: 20_000 }); // what is not there is said soon
    test.setTimeout(180_000);

    test("the door", async ({ page }) => {
      const take = camera(page, look);
      await page.goto("/");
      await expect(page.locator("input[type=password]")).toBeVisible();
      await take("sign-in");
      await page.getByRole("button", { name: w.signIn.submit, exact: true }).click();
      await expect(page.getByText(w.signIn.missing)).toBeVisible();
      await take("sign-in-missing");
      await page.goto("/forgot");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await take("forgot");
      await page.goto("/join#nothing");
      await expect(page.getByText(w.join.gone)).toBeVisible();
      await take("join-gone");
    });

    test("home, and the paused phone's page", async ({ page, request }) => {
      const take = camera(page, look);
      await signIn(page);
      await clear(page);
      await phone(request, "online");
      await take("home");
      await page.getByRole("button", { name: /Léo.*1 h/ }).click();
      await phone(request, "offline");
      await expect(page.getByText(until(w.change.inForce)).first()).toBeVisible();
      await take("home-paused");
      await page.goto("/person/leo");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await take("person-paused");

      const paused = /Internet (est en pause|is paused)/;
      await expect.poll(() => pageOnPhone(request, locale)).toMatch(paused);
      await page.goto("about:blank"); // the app's own policy forbids the page's style
      await page.setContent(await pageOnPhone(request, locale));
      await take("phone-paused");
      await askOnPhone(request, { minutes: "30", why: "homework" });
      await page.setContent(await pageOnPhone(request, locale));
      await take("phone-asked");
      await page.goto("/");
      const grant = page.getByRole("button", { name: /^15/ });
      await expect(grant).toBeVisible();
      await take("home-asked");
      await grant.click(); // a refusal would make the next look wait
      await expect(grant).toBeHidden();
      await take("home-granted");
    });

    test("a phone under a new address, and names that are long", async ({ page, request }) => {
      test.setTimeout(240_000); // the box believes for a while that the old address is there
      const take = camera(page, look);
      await signIn(page);
      await clear(page);
      try {
        await address(request, "fa:5e:00:00:00:02");
        await expect(page.getByRole("button", { name: w.twin.yes })).toBeVisible({ timeout: 150_000 });
        await take("home-twin");
        await page.getByRole("button", { name: w.twin.no, exact: true }).click();
        await take("home-unnamed");
        await dialog(page, page.getByRole("button", { name: w.name.newPerson }), () => take("name-device", false));
      } finally {
        await address(request, phoneAddress);
      }
      const before = await names(page);
      const long = { leo: "Léopold-Maximilien de la Tour", camille: "Marie-Antoinette" };
      await change(page, ({ people, devices }) => ({
        people: people.map((one) => ({ ...one, name: long[one.id as keyof typeof long] })),
        devices: devices.map((one) => ({ ...one, name: `${one.name} de la chambre du premier étage` })),
      }));
      await page.getByRole("button", { name: /Léopold.*1 h/ }).click();
      await expect(page.getByText(until(w.change.inForce)).first()).toBeVisible();
      await take("home-long-names");
      await page.goto("/device/leo-phone");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await take("device-long-names");
      await change(page, () => before);
    });

    test("a person, and what is decided for them", async ({ page }) => {
      const take = camera(page, look);
      await signIn(page);
      await clear(page);
      await page.goto("/person/camille");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await take("person-empty");
      await change(page, () => lived);
      await page.goto("/person/leo");
      await expect(page.getByRole("heading", { name: w.lastWeek.title })).toBeVisible();
      for (const table of await page.getByText(w.outlook.table).all()) await table.click();
      await take("person");
      await dialog(page, page.getByRole("button", { name: w.name.rename }), () => take("person-rename", false));
      await dialog(page, page.getByRole("button", { name: w.days.tonight }), () => take("tonight", false));
      await dialog(page, page.getByRole("button", { name: w.days.add }), async () => {
        await expect(page.getByRole("group", { name: w.days.holidays })).toBeVisible();
        await take("special-days", false);
      });
      await dialog(page, page.getByRole("button", { name: w.budget.add }), () => take("daily-time", false));
      await page.goto("/device/tv");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await take("device");
      await dialog(page, page.getByRole("button", { name: w.app.edit }), () => take("device-edit", false));
    });

    test("the week's editor, and two parents at once", async ({ page, browser }) => {
      const take = camera(page, look);
      await signIn(page);
      await clear(page);
      await page.goto("/hours/person/leo");
      await page.getByText(w.hours.grid, { exact: true }).click();
      await take("hours-empty", false);
      await change(page, () => lived);
      await page.goto("/hours/person/leo");
      await page.getByText(w.hours.grid, { exact: true }).click();
      await expect(page.getByRole("button", { name: /Devoirs/ }).first()).toBeVisible();
      await take("hours", false);
      await page.getByRole("button", { name: /Devoirs/ }).first().click();
      await take("hours-selected", false);
      await page.getByText(w.hours.list, { exact: true }).click();
      await take("hours-list", false);
      await page.getByRole("button", { name: w.hours.later.replace("{{what}}", w.hours.end) }).first().click();
      await take("hours-changed", false);

      const other = await (await browser.newContext({ locale })).newPage();
      await signIn(other);
      await change(other, () => ({ schedules: lived.schedules.slice(0, 1) }));
      await other.context().close();
      await page.getByRole("button", { name: new RegExp(until(w.hours.save_one)) }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await take("hours-clash", false);
      await page.getByRole("button", { name: w.hours.keepTheirs }).click();
      await clear(page);
    });

    test("settings, members, activity and help", async ({ page }) => {
      const take = camera(page, look);
      await signIn(page);
      await alone(page);
      await page.goto("/settings");
      await expect(page.getByRole("heading", { name: w.push.title })).toBeVisible();
      await expect(page.getByRole("heading", { name: w.passkey.title })).toBeVisible();
      await take("settings");
      await dialog(page, page.getByRole("button", { name: w.settings.homeRename }), () => take("home-rename", false));
      await dialog(page, page.getByRole("button", { name: w.passkey.add }), () => take("passkey-add", false));
      await dialog(page, page.getByRole("button", { name: w.settings.zoneChange }), () => take("zone", false));
      await dialog(page, page.getByRole("button", { name: w.settings.deleteHome }), () => take("home-delete", false));
      await page.goto("/members");
      await expect(page.getByRole("listitem").first()).toBeVisible();
      await take("members");
      await dialog(page, page.getByRole("button", { name: new RegExp(`^${w.members.roleWord}`) }).first(), () => take("member-role", false));
      await dialog(page, page.getByRole("button", { name: w.members.invite }), async () => {
        await take("invite", false);
        await page.getByRole("button", { name: w.members.make }).click();
        await expect(page.getByRole("img", { name: /join/ })).toBeVisible();
        await take("invite-made", false);
      });
      await page.getByRole("button", { name: w.members.takeBack }).first().click();
      await page.goto("/activity");
      await expect(page.getByRole("listitem").first()).toBeVisible();
      await take("activity", false);
      await page.goto("/nowhere");
      await expect(page.getByRole("main")).toBeVisible();
      await take("nothing-here");
    });

    test("help, and a request for a person", async ({ page }) => {
      const take = camera(page, look);
      await signIn(page);
      await settled(page);
      await page.goto("/tv");
      await page.getByRole("link", { name: w.help.place, exact: true }).click();
      await expect(page.getByRole("button", { name: w.help.talk, exact: true })).toBeEnabled();
      await take("help");
      await page.getByRole("button", { name: w.help.talk, exact: true }).click();
      await expect(page.getByRole("heading", { name: w.help.talkTitle })).toBeVisible();
      await page.getByRole("textbox", { name: w.help.write }).fill("…");
      await page.getByRole("button", { name: w.help.send, exact: true }).click();
      await expect(page.getByRole("log").getByText("…")).toBeVisible();
      await take("help-request");
      await page.getByRole("button", { name: w.help.never }).click();
      await expect(page.getByRole("heading", { name: w.help.thanks })).toBeVisible();
      await take("help-solved");
    });

    test("the console of those who help", async ({ page, browser }) => {
      await signIn(page);
      await settled(page);
      await page.goto("/tv");
      await page.goto("/help");
      await page.getByRole("button", { name: w.help.talk, exact: true }).click();
      await expect(page.getByRole("heading", { name: w.help.talkTitle })).toBeVisible();
      const words = consoleOf(look);
      const desk = await admin(browser, { locale, colorScheme, width: width === 1280 ? 1440 : width });
      const take = camera(desk, look);
      await desk.goto("/support");
      await desk.getByRole("navigation", { name: words.queue }).getByRole("link").first().waitFor();
      await take("support-queue", false);
      await desk.getByRole("navigation", { name: words.queue }).getByRole("link").first().click();
      await desk.getByRole("button", { name: words.take }).click();
      await desk.getByRole("textbox", { name: words.note }).fill("…");
      await desk.getByRole("button", { name: words.keepNote }).click();
      await expect(desk.getByRole("log").getByText("…")).toBeVisible();
      await take("support-case");
      await dialog(desk, desk.getByRole("button", { name: words.handOver }), () => take("support-hand-over", false));
      await dialog(desk, desk.getByRole("button", { name: words.wrapUp }), () => take("support-wrap-up", false));
      await dialog(desk, desk.getByRole("button", { name: words.keys }), () => take("support-keys", false));
      await settled(page);
      await desk.context().close();
    });

    test("TV and video", async ({ page }) => {
      const take = camera(page, look);
      await signIn(page);
      await clear(page);
      await page.goto("/tv");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await take("tv-empty");
      for (const of of ["kept", "moved"] as const) {
        await withRadios(page, of);
        await page.goto("/tv");
        await expect(page.getByRole("article", { name: "TV", exact: true })).toBeVisible();
        await take(`tv-${of}`);
      }
      await dialog(page, page.getByRole("button", { name: w.tv.change, exact: true }), async () => {
        await expect(page.getByRole("dialog").getByRole("radio").first()).toBeVisible();
        await take("tv-sheet", false);
      });
    });

    test("faster than another parent", async ({ page }) => {
      const take = camera(page, look);
      await signIn(page);
      await clear(page);
      await page.route("**/api/homes/*/pause", async (route) => {
        await change(page, () => ({ unknown: "allow", effect: "no-internet", budgets: lived.budgets }));
        await route.continue();
      }, { times: 1 });
      await page.getByRole("button", { name: /Léo.*1 h/ }).click();
      await expect(page.getByRole("dialog", { name: w.change.collideTitle })).toBeVisible();
      await take("collision", false);
      await page.getByRole("button", { name: w.change.leaveIt }).click();
      await clear(page);
    });

    test("without a network", async ({ page, context }) => {
      await signIn(page);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await page.reload();
      await expect.poll(() => page.evaluate(() => localStorage.getItem("carebox.last") ?? "")).toContain("Léo");
      await context.setOffline(true);
      await page.reload();
      await expect(page.getByText(until(w.box.offline)).first()).toBeVisible();
      await camera(page, look)("home-offline");
    });
  });
}

test.describe("the box is gone", () => {
  test.beforeAll(async ({ request }) => agent(request, "kill"));
  test.afterAll(async ({ request }) => agent(request, "start"));

  for (const look of looks) {
    test.describe(nameOf(look), () => {
      const { width, locale, colorScheme } = look;
      test.use({ locale, colorScheme, viewport: { width, height: 844 } });

      test("home", async ({ page }) => {
        await signIn(page);
        const { unreachable, waiting } = wordsOf(look).box; // the look before may have asked for something
        await expect(page.getByText(until(unreachable)).or(page.getByText(until(waiting))).first()).toBeVisible();
        await page.getByRole("button", { name: /Léo.*1 h/ }).click();
        await expect(page.getByText(wordsOf(look).change.waiting).first()).toBeVisible();
        await camera(page, look)("home-box-gone");
        await clear(page);
      });
    });
  }
});

/** What people and devices are called, to be put back. */
async function names(page: Parameters<typeof clear>[0]) {
  let kept = {};
  await change(page, ({ people, devices }) => {
    kept = { people, devices };
    return {};
  });
  return kept;
}
