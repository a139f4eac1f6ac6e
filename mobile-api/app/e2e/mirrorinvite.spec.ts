import { expect, type Page, test } from "@playwright/test";
import { inhabit, offer } from "./canary";
import { leaks, legible, unpacked } from "./wire";

// The code of an invitation is shown once, to who made it or confirmed it: it is on their screen while an agent sees it, and
// neither code nor link nor a picture of them may be in what leaves the page.

test.use({ serviceWorkers: "block", actionTimeout: 20_000, contextOptions: { reducedMotion: "reduce" } });

const code = "Zkcode9aw7Qk2Lp4Vx";
const host = "zklink7h3q.example";
const url = `https://${host}/join#${code}`;
const made = {
  invitation: { id: "i9", role: "child", person: "", inviter: "", created: new Date().toISOString(), expires: new Date(Date.now() + 172_800_000).toISOString() },
  code, url,
};

type Sent = Awaited<ReturnType<typeof inhabit>>;

/** Waits until what is in the dialog now has left, with a mark of its own, and looks through all that has. */
async function innocent(page: Page, sent: Sent) {
  const dialog = page.getByRole("dialog", { name: "Invite someone" });
  await expect(dialog.locator("svg title")).toHaveText(url); // it is there
  const paths = await dialog.locator("svg:has(title) path").evaluateAll((all) => all.map((path) => path.getAttribute("d") ?? ""));
  const drawn = paths.filter((d) => d.length > 600);
  expect(drawn).toHaveLength(1);
  await page.evaluate(() => document.body.classList.add("beacon-invite"));
  const events = async () => (await unpacked(sent.frames)).flatMap((frame) => frame.events);
  await expect.poll(async () => {
    await page.clock.fastForward(2_000);
    return JSON.stringify(await events().catch(() => ""));
  }, { timeout: 30_000 }).toContain("beacon-invite");
  const text = JSON.stringify(await events()) + sent.texts.join("\n");
  expect(leaks(text, [code, host])).toEqual([]);
  expect(drawn.filter((d) => text.includes(d.slice(0, 60)))).toEqual([]);
  expect(legible(await events()).texts).toContain("Copy the link"); // and what is no secret did leave
  expect(sent.texts.join()).toContain('"dialog":"invite"');
}

async function opened(page: Page, path: string): Promise<Sent> {
  await page.clock.install();
  const sent = await inhabit(page);
  for (const place of [/\/invitations$/, /\/approve$/]) {
    await page.route(place, (route) => (route.request().method() === "POST" ? route.fulfill({ status: 201, json: made }) : route.fallback()));
  }
  await page.goto(path);
  await expect(page.locator("main :is(h1, h2, h3)").first()).toBeVisible();
  return sent;
}

test("the code of an invitation that an agent prepared is for who confirms it alone", async ({ page }) => {
  const sent = await opened(page, "/");
  const asked = page.waitForRequest(/\/approve$/);
  const card = page.getByRole("region", { name: /^A change by/ }).filter({ hasText: "an invitation" });
  await card.getByRole("button", { name: "Confirm" }).click();
  expect((await asked).postDataJSON()).toEqual({ hash: offer.hash });
  await innocent(page, sent);
});

test("the code of an invitation that a family makes is theirs alone", async ({ page }) => {
  const sent = await opened(page, "/members");
  await page.getByRole("button", { name: "Invite someone" }).click();
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await innocent(page, sent);
});
