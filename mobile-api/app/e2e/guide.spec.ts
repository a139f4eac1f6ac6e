import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { agent, clear, phone, signIn } from "./house";
import { withRadios } from "./radio";

test.afterEach(({ page }) => page.unrouteAll({ behavior: "ignoreErrors" })); // an answer may be on its way when a test is over

const tap = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" }).click();
const question = (page: Page, text: string | RegExp, timeout?: number) =>
  expect(page.getByRole("heading", { level: 2, name: text })).toBeVisible(timeout ? { timeout } : undefined);
const says = (page: Page) => page.getByRole("region", { name: "What the box says" });

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await clear(page);
});

test("the TV freezes: a place is kept for it, in force, and that can be undone", async ({ page }) => {
  await page.getByRole("link", { name: /^Help( \(New answer\))?$/ }).click();
  for (const title of ["The Wi-Fi is slow", "A device cannot connect", "The internet does not work"]) {
    await expect(page.getByRole("link", { name: title })).toBeVisible();
  }
  await page.getByRole("link", { name: "The TV freezes", exact: true }).click();
  await question(page, "What freezes?"); // there is one TV, so nobody asks which
  await expect(page.getByText(/Step 1 of about \d/)).toBeVisible();
  await tap(page, "Films and series from the internet");
  await question(page, /^Keep a place for TV/, 45_000); // once the box has measured the line
  await expect(says(page)).toContainText("Nothing is kept for TV");
  await expect(page.getByRole("list", { name: "What will be set" })).toContainText("25\u00a0Mbit/s");
  await tap(page, "Do this");
  await question(page, /Does the picture hold/);
  const bar = page.getByRole("region", { name: "A place is kept for TV" });
  await expect(bar).toContainText(/In force since \d\d:\d\d/);
  await tap(page, "Yes, it holds");
  await question(page, /^Good\./);
  await page.goto("/tv");
  await expect(page.getByRole("article", { name: "TV", exact: true })).toContainText(/25\u00a0Mbit\/s held for TV since/);
  await page.goto("/activity");
  const told = page.getByRole("listitem").filter({ hasText: "kept a place for TV" }).first();
  await told.getByRole("button", { name: /^Undo/ }).click();
  await page.goto("/tv");
  await expect(page.getByText("Nothing is kept for the TV yet")).toBeVisible();
});

test("no internet: the box knows that the phone is paused, and the pause ends, by keyboard alone", async ({ page, request }) => {
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");
  await page.goto("/help/guide/no-internet");
  const press = async (name: string | RegExp) => {
    await page.getByRole("button", { name }).press("Enter");
  };
  await question(page, "What has no internet?");
  await press("One device");
  await question(page, "Which one?");
  await expect(page.getByRole("heading", { level: 2, name: "Which one?" })).toBeFocused();
  await press("Léo's phone");
  await question(page, /^Resume: the pause of Léo's phone ends now/);
  await expect(says(page)).toContainText("Léo's phone is paused.");
  await press("Do this");
  await phone(request, "online");
  await expect(page.getByRole("region", { name: "Léo resumed" })).toContainText(/In force since/);
  await question(page, "Has it got internet now?");
  await press("Previous question");
  await question(page, "Which one?"); // what is done is not proposed again
  await press("Léo's phone");
  await expect(says(page)).toContainText("Léo's phone may use the internet now.");
});

test("the whole home is slow: the box measures the line, and says so beside the next question", async ({ page }) => {
  await page.goto("/help/guide/slow-wifi");
  const asked = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/queries"));
  await tap(page, "Everything at home");
  expect((await asked).postDataJSON()).toMatchObject({ kind: "speed" }); // that it measures is shown as long as it does: on a quick line no eye sees it
  await question(page, /^Is something big going on|^Pull the plug/, 45_000);
  await expect(says(page)).toContainText(/Your line carries \d+ Mbit\/s/);
  await tap(page, "I don't know");
});

test("not solved: a person in one tap, without a word typed", async ({ page }) => {
  await withRadios(page, "rolled-back");
  await page.goto("/help/guide/tv-freezes");
  await question(page, "What freezes?");
  await expect(says(page)).toContainText(/The box hears TV well \(−54 dBm\)/);
  await expect(says(page)).toContainText(/Radar near you/);
  await tap(page, "Only live channels");
  await tap(page, "No, it still freezes");
  await question(page, /^We have not found it together/);
  const sent = page.waitForResponse((answer) => answer.url().endsWith("/help-requests") && answer.request().method() === "POST");
  await tap(page, "Talk to someone");
  expect((await sent).status()).toBe(201);
  await expect(page).toHaveURL(/\/help\/case\//);
  const said = (await sent).request().postDataJSON() as { findings: { node: string }[]; journey: { screen: string }[] };
  expect(said.findings.map(({ node }) => node)).toEqual(["tv", "radar", "joined", "signal", "retries", "what", "restart"]);
  expect(said.findings[3]).toMatchObject({ guide: "tv-freezes", result: "The box hears TV well (−54 dBm)." });
  expect(said.findings[5]).toMatchObject({ question: "What freezes?", answer: "Only live channels" });
  expect(said.journey.at(-1)).toMatchObject({ screen: "/help/guide/tv-freezes", did: "look" });
});

test("a box that does not answer is looked at first, whatever was asked, also without a network", async ({ page, request, context }) => {
  await page.goto("/help/guide/slow-wifi");
  await question(page, "What is slow?");
  await agent(request, "kill");
  try {
    await expect(page.getByText("The box does not answer any more.")).toBeVisible({ timeout: 70_000 });
    await tap(page, "Look at the box");
    await question(page, /Look at the lights of the box/);
    await expect(says(page)).toContainText(/The box has not answered since/);
    await tap(page, "No, none at all");
    await question(page, /Is its plug in/);
    await context.setOffline(true);
    await tap(page, "Yes");
    await question(page, /about three minutes/);
  } finally {
    await context.setOffline(false);
    await agent(request, "start");
  }
  await expect(page.getByText("The box answers again.")).toBeVisible({ timeout: 90_000 });
});

test("at 320 px nothing scrolls sideways, and no step has a fault that a machine can find", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/help/guide/cannot-connect");
  for (const answer of ["It is not in this list", "It asks for the password again", "No, it is the same"]) {
    await expect(page.getByRole("heading", { level: 2 })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await tap(page, answer);
  }
});

test("in French", async ({ browser }) => {
  const page = await (await browser.newContext({ locale: "fr-FR" })).newPage();
  await signIn(page);
  await page.goto("/help/guide/tv-freezes");
  await question(page, /Qu'est-ce qui se fige/);
  await expect(page.getByText(/Étape 1 sur \d environ/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Je ne sais pas" })).toBeVisible();
  await page.context().close();
});
