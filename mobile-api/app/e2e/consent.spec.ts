import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { clear, signIn, told } from "./house";
import { asking, living, withVisit } from "./visit";

test.afterEach(({ page }) => page.unrouteAll({ behavior: "ignoreErrors" })); // an answer may be on its way when a test is over

const sheet = (page: Page) => page.getByRole("dialog", { name: "Someone would like to help" });
const banner = (page: Page) => page.getByRole("region", { name: "Help", exact: true });

async function faultless(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
}

test("nothing is ticked beforehand, both answers weigh the same, and the consent is bound to the words", async ({ page }) => {
  const visit = await withVisit(page, asking);
  await signIn(page);
  await expect(sheet(page)).toContainText("Julie, from Carebox Fibre's support, would like to help");
  await expect(sheet(page)).toContainText(/the box's own page on your Wi-Fi, http:\/\/192\.168\.\d+\.\d+:\d+\//);
  await expect(sheet(page)).toContainText("Nobody at Carebox Fibre can accept for you.");
  await expect(sheet(page)).toContainText("“The TV freezes”");
  for (const box of await sheet(page).getByRole("checkbox").all()) await expect(box).not.toBeChecked();
  await expect(sheet(page).getByRole("radio", { name: "15\u00a0min" })).toBeChecked();
  await expect(sheet(page)).toHaveCSS("opacity", "1");
  await faultless(page);
  const allow = sheet(page).getByRole("button", { name: "Allow" });
  const not = sheet(page).getByRole("button", { name: "Not now" });
  const [a, b] = [await allow.boundingBox(), await not.boundingBox()];
  expect(Math.abs((a?.width ?? 0) - (b?.width ?? 9))).toBeLessThan(2);
  expect(a?.height).toBe(b?.height);
  await allow.click();
  await expect(sheet(page).getByRole("alert")).toContainText("Choose at least one");
  expect(visit.asked).toEqual([]);
  await sheet(page).getByRole("checkbox", { name: /^See your Carebox screens/ }).check();
  await sheet(page).getByRole("checkbox", { name: /^Measure the box/ }).check();
  await allow.click();
  await expect(banner(page)).toContainText(/Julie sees your screens and measures the box · 15\u00a0min left/);
  const [{ body }] = visit.asked as [(typeof visit.asked)[number]];
  expect(body).toMatchObject({ scopes: ["see", "diagnose"], minutes: 15 });
  for (const words of ["“The TV freezes”", "☑ See your", "☐ Change settings", "For 15\u00a0minutes.", "Nobody at Carebox Fibre"]) expect(body?.text).toContain(words);
});

test("not now is an answer, by keyboard; put aside, the question waits on every screen", async ({ page }) => {
  const visit = await withVisit(page, asking);
  await signIn(page);
  await expect(sheet(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet(page)).toBeHidden();
  await page.goto("/activity");
  await expect(sheet(page)).toBeVisible(); // a screen that is opened anew asks again
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Home", exact: true }).click();
  await page.getByRole("button", { name: "Answer" }).click();
  await sheet(page).getByRole("button", { name: "Not now" }).focus();
  await page.keyboard.press("Enter");
  await expect(sheet(page)).toBeHidden();
  expect(visit.asked.map(({ path }) => path)).toEqual(["refuse"]);
});

test("Stop asks nothing back, holds at once without a network, and is told later", async ({ page }) => {
  const visit = await withVisit(page, living(700));
  await signIn(page);
  await clear(page);
  for (const place of ["TV & video", "Activity", "Home"]) {
    await page.getByRole("link", { name: place, exact: true }).click();
    await expect(banner(page)).toBeInViewport();
  }
  await faultless(page);
  visit.away = true;
  await banner(page).getByRole("button", { name: "Stop" }).click();
  await expect(banner(page)).toBeHidden();
  await expect(page.getByRole("alert")).toContainText("Stopped on this phone: Julie sees nothing any more");
  await page.reload();
  await expect(banner(page)).toBeHidden();
  visit.away = false;
  await expect.poll(() => visit.asked.map(({ path }) => path), { timeout: 40_000 }).toContain("end");
  await expect(banner(page)).toBeHidden();
});

test("two minutes before the end it is said, and ten more are the customer's to give", async ({ page }) => {
  const visit = await withVisit(page, { ...living(110), scopes: ["diagnose"] });
  await signIn(page);
  await told(page, "Two minutes at most are left with Julie");
  await banner(page).getByRole("button", { name: "+10\u00a0min" }).click();
  await expect(banner(page)).toContainText("10\u00a0min left");
  expect(visit.asked).toMatchObject([{ path: "extend", body: { minutes: 10 } }]);
  await expect(page.getByRole("dialog")).toBeHidden(); // an extension is no end
});

test("who is not seen gives no time to be seen: it would be their own screens", async ({ page }) => {
  await withVisit(page, living(110)); // somebody else's, of this home
  await signIn(page);
  await expect(banner(page).getByRole("button", { name: "Stop" })).toBeVisible();
  await expect(banner(page).getByRole("button", { name: "+10\u00a0min" })).toBeHidden();
});

test("how it ended, and what they could do, is shown once", async ({ page }) => {
  const visit = await withVisit(page, living(700));
  await signIn(page);
  await expect(banner(page)).toBeVisible();
  visit.session = { ...living(0), state: "ended", ended: new Date().toISOString(), endedBy: "box" };
  const receipt = page.getByRole("dialog", { name: "The visit has ended" });
  await expect(receipt).toContainText(/Ended \d\d:\d\d on the box's own page/, { timeout: 45_000 });
  await expect(receipt).toContainText("see your screens");
  await receipt.getByRole("button", { name: "Close" }).last().click();
  await expect(receipt).toBeHidden();
});

const changed = (revision: number, code: string, subject: string) => ({
  revision, at: new Date().toISOString(), superseded: false, undone: false, applied: new Date().toISOString(), change: { code, subject },
  actor: { member: "m", name: "Parent", from: "support", act: { staff: "j", name: "Julie", session: "s1", approved: false } },
});

test("each change made for the customer stands with undo, all of them at once; what is sensitive waits for their tap", async ({ page }) => {
  const visit = await withVisit(page, living(700));
  visit.changes = [changed(9, "pause", "person:leo"), changed(8, "resume", "person:leo")];
  const proposal = {
    id: "p1", session: "s1", change: { code: "person", subject: "leo" }, revision: 9, hash: "abc", state: "open", asked: new Date().toISOString(), left: 300,
    differences: [{ path: "people/leo", before: { id: "leo", name: "Léo" }, after: { id: "leo", name: "Léonard" } }],
  };
  visit.proposals = [proposal];
  await signIn(page);
  const made = page.getByRole("region", { name: "What was changed for you" });
  await expect(made.getByRole("listitem").first()).toContainText(/Julie \(support\) paused Léo in force \d\d:\d\d/);
  await expect(made.getByRole("button", { name: /^Undo:/ })).toHaveCount(2);
  const wish = page.getByRole("region", { name: "A change by Julie" });
  await expect(wish).toContainText("Julie has prepared this change. It is yours to confirm.");
  await expect(wish).toContainText(/Now: Léo.*Then: Léonard/);
  await faultless(page);
  await wish.getByRole("button", { name: "Confirm" }).click();
  await expect(wish).toBeHidden();
  await made.getByRole("button", { name: "Undo all of this visit" }).click();
  await expect.poll(() => visit.asked.map(({ path }) => path)).toEqual(["approve", "undo"]);
  expect(visit.asked[0]?.body).toEqual({ hash: "abc" });
});

test("the receipt says what was done, and asks whether it helped", async ({ page }) => {
  const visit = await withVisit(page, living(700));
  await signIn(page);
  await expect(banner(page)).toBeVisible();
  visit.changes = [changed(9, "pause", "person:leo")];
  visit.screens = [
    { session: "s1", screen: "home", first: "2026-11-22T09:05:00Z", last: "2026-11-22T09:07:00Z" },
    { session: "s1", screen: "of-tomorrow", first: "2026-11-22T09:06:00Z", last: "2026-11-22T09:06:30Z" },
  ];
  visit.lines = [
    { seq: 1, at: new Date().toISOString(), verb: "query", via: "support", kind: "staff", actor: { id: "j", name: "Julie" }, detail: { kind: "ping" }, sum: "", prev: "", hash: "" },
  ];
  visit.summary = "Moved the TV to the other channel.";
  const own = { id: "c1", at: new Date().toISOString(), state: "taken", journey: [], findings: [], messages: 0, lastFrom: "customer" };
  await page.route(/\/api\/homes\/[0-9a-f-]{36}\/cases$/, (route) => route.fulfill({ json: [own] }));
  await page.reload(); // that they asked for Julie is known
  await expect(banner(page)).toBeVisible();
  await banner(page).getByRole("button", { name: "Stop" }).click();
  const receipt = page.getByRole("dialog", { name: "The visit has ended" });
  await expect(receipt).toContainText("Julie wrote: “Moved the TV to the other channel.”");
  await expect(receipt).toContainText("1 measurement. 1 change, which can be undone.");
  const seen = receipt.getByText("Julie saw these screens:").locator("xpath=following-sibling::ul");
  await expect(seen.getByRole("listitem")).toHaveText([/^Home \d\d:05 to \d\d:07$/, /^Another screen \d\d:06$/]);
  await expect(receipt.getByRole("button", { name: /^Undo: Julie/ })).toBeVisible();
  await expect(receipt).toContainText("Was it solved?");
  await faultless(page);
  await receipt.getByRole("button", { name: "No", exact: true }).click();
  await expect(page).toHaveURL(/\/help\/case\/c1/);
  await page.goto("/settings");
  await page.getByRole("region", { name: "Who did what for you" }).getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("Julie measured: how long an answer takes")).toBeVisible();
  await page.getByRole("list", { name: "Visits that are over" }).getByRole("button", { name: /^Read again: The visit of Julie/ }).click();
  await expect(receipt).toContainText("Julie wrote: “Moved the TV to the other channel.”");
  await expect(receipt.getByRole("button", { name: /^Undo: Julie/ })).toBeVisible();
  await expect(receipt).not.toContainText("Was it solved?");
});

for (const [locale, title] of [["en-GB", "Someone would like to help"], ["fr-FR", "Quelqu'un voudrait vous aider"]] as const) {
  test(`at 320 px nothing scrolls sideways, in ${locale}`, async ({ browser }) => {
    const page = await (await browser.newContext({ locale, viewport: { width: 320, height: 640 } })).newPage();
    const visit = await withVisit(page, asking);
    await signIn(page);
    await expect(page.getByRole("dialog", { name: title })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    visit.session = living(100);
    await page.reload();
    await expect(page.getByRole("button", { name: /^(Stop|Arrêter)$/ })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.context().close();
  });
}
