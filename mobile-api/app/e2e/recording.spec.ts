import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { readFilm } from "../src/recording/film";
import { garden, plant, planted } from "./garden";
import { home, opened, signIn } from "./house";
import { stop, tap } from "./mirrored";
import { shownOn } from "./shown";
import { admin, settled } from "./staff";
import { banner, strip } from "./story";
import { faults, leaks, legible, unpacked } from "./wire";

test.use({ viewport: { width: 390, height: 844 }, actionTimeout: 15_000 });
test.setTimeout(240_000);

const sound = async (page: Page) => {
  await opened(page);
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
};

const sheet = (page: Page) => page.getByRole("dialog", { name: "Someone would like to help" });
const kept = (desk: Page) => desk.getByRole("region", { name: "Recordings" });

type Recording = { id: string; bytes: number; on: boolean };
const recordings = async (page: Page) => (await (await page.request.get(`/api/homes/${home}/recordings`)).json()) as Recording[];

/** All frames that are kept of a recording, as whoever may see it gets them. */
async function film(page: Page, id: string): Promise<Uint8Array[]> {
  const body = await (await page.request.get(`/api/homes/${home}/recordings/${id}`)).body();
  const read = readFilm(new Uint8Array(body).buffer);
  if (!read) throw new Error("this is no recording");
  return read.frames;
}

/** A case that somebody of the staff has taken, and a question to see the screen. */
async function asked(page: Page, desk: Page): Promise<{ kase: string; session: string }> {
  const help = await page.request.post(`/api/homes/${home}/help-requests`, { data: { screen: "/", text: "The TV freezes" } });
  const { id } = (await help.json()) as { id: string };
  expect((await desk.request.post(`/api/staff/cases/${id}/take`)).ok()).toBe(true);
  const data = { scopes: ["see"], minutes: 15, reason: "The TV freezes" };
  const question = await desk.request.post(`/api/staff/cases/${id}/sessions`, { data });
  return { kase: id, session: ((await question.json()) as { id: string }).id };
}

test("a customer has what is seen of their screen kept, the agent sees it again, and it goes when they say so", async ({ page, browser }) => {
  await signIn(page);
  await settled(page);
  const desk = await admin(browser);
  const { kase: id } = await asked(page, desk);
  await page.goto("/settings");
  const box = sheet(page).getByRole("checkbox", { name: /^Keep the recording for this request until \w+ \d+ \w+/ });
  await expect(sheet(page)).toContainText("Nothing is recorded.");
  await expect(box).toBeHidden(); // there is nothing to keep where nothing is seen
  await sheet(page).getByRole("checkbox", { name: /^See your Carebox screens/ }).check();
  await expect(box).not.toBeChecked();
  await box.check();
  await expect(sheet(page)).not.toContainText("Nothing is recorded.");
  await sound(page);
  await sheet(page).getByRole("button", { name: "Allow" }).click();
  await expect(banner(page)).toContainText(/Recorded for this request until \w+ \d+ \w+/);
  await sound(page);

  await desk.goto(`/support?case=${id}`);
  await expect(strip(desk)).toContainText(/This is being recorded: the customer wants it, until \w+ \d+ \w+/);
  await desk.getByRole("tab", { name: "Screen", exact: true }).click();
  const live = desk.frameLocator("iframe[src='/mirror']").frameLocator("iframe");
  await expect(live.getByText("Settings", { exact: true }).first()).toBeVisible({ timeout: 40_000 });
  await page.getByRole("link", { name: "Activity", exact: true }).click();
  await expect(live.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible({ timeout: 40_000 });
  const own = (await recordings(page))[0]?.id ?? "";
  const texts = async () => legible((await unpacked(await film(page, own))).flatMap(({ events }) => events)).texts;
  await expect.poll(async () => [...(await texts())], { timeout: 40_000 }).toEqual(expect.arrayContaining(["Settings", "Activity"]));

  // Off is off: whatever is shown from then on is in no part.
  await banner(page).getByRole("button", { name: "Stop recording" }).click();
  await expect(strip(desk)).not.toContainText("recorded");
  const size = (await recordings(page))[0]?.bytes;
  await page.getByRole("link", { name: "TV & video", exact: true }).click();
  await expect(live.getByRole("heading", { level: 1, name: "TV & video" })).toBeVisible({ timeout: 40_000 });
  expect((await recordings(page))[0]).toMatchObject({ bytes: size, on: false });

  // On again, beside what the agent sees.
  await banner(page).getByRole("button", { name: /^What .* sees$/ }).click();
  await page.getByRole("button", { name: "Keep it", exact: true }).click();
  await expect(strip(desk)).toContainText("This is being recorded");
  await page.keyboard.press("Escape");
  await expect.poll(async () => (await recordings(page))[0]?.bytes ?? 0, { timeout: 40_000 }).toBeGreaterThan(size ?? 0);
  await banner(page).getByRole("button", { name: "Stop", exact: true }).click();
  const receipt = page.getByRole("dialog", { name: "The visit has ended" });
  await expect(receipt).toContainText(/kept until \w+ \d+ \w+, then deleted/);
  await sound(page);

  await kept(desk).getByRole("button", { name: "Watch" }).click();
  const dialog = desk.getByRole("dialog");
  const again = dialog.frameLocator("iframe[src='/mirror']").frameLocator("iframe");
  await expect(again.getByText("Settings", { exact: true }).first()).toBeVisible({ timeout: 40_000 });
  await dialog.getByRole("radio", { name: "×4" }).check();
  await dialog.getByRole("button", { name: "Play", exact: true }).click();
  await expect(again.locator("main h1")).toHaveText("TV & video", { timeout: 60_000 }); // where it ends
  await dialog.getByRole("slider", { name: "Position" }).press("Home");
  await expect(again.locator("main h1")).toHaveText("Settings", { timeout: 40_000 });
  await desk.keyboard.press("Escape");

  await receipt.getByRole("button", { name: "Delete", exact: true }).click();
  await receipt.getByRole("button", { name: "Yes, delete" }).click();
  await expect(receipt).toContainText("No recording is kept.");
  await expect(kept(desk)).toContainText("The customer has deleted a recording");
  const late = await desk.request.post(`/api/staff/cases/${id}/recordings/${own}/watch`);
  expect([late.status(), ((await late.json()) as { code: string }).code]).toEqual([404, "recording-gone"]);
  const account = JSON.stringify(await (await page.request.get(`/api/homes/${home}/audit`)).json());
  for (const verb of ["on", "off", "watched", "deleted"]) expect(account).toContain(`"recording-${verb}"`);
  await settled(page);
  await desk.context().close();
});

test("what is kept is what was on the wire, and of 59 secrets that are shown and typed it has none", async ({ page, browser }) => {
  const wire = tap(page);
  const marked = await shownOn(page);
  await signIn(page);
  await settled(page);
  const desk = await admin(browser);
  const { kase, session } = await asked(page, desk);
  const data = { scopes: ["see"], minutes: 15, text: "Keep the recording for this request", record: true };
  expect((await page.request.post(`/api/homes/${home}/support/${session}/consent`, { data })).ok()).toBe(true);
  await page.goto("/settings");
  await desk.goto(`/support?case=${kase}`);
  await desk.getByRole("tab", { name: "Screen", exact: true }).click();
  await expect.poll(() => wire.sent.frames.length, { timeout: 40_000 }).toBeGreaterThan(0);
  await page.evaluate(plant, garden);
  for (const [field, place] of [["#t1", "typed"], ["#t2", "typedpassword"]] as const) {
    await page.locator(field).focus();
    await page.keyboard.type(garden[place] ?? "", { delay: 15 });
  }
  const shown = await page.evaluate(() => document.documentElement.outerHTML);
  expect(leaks(shown, planted).length).toBeGreaterThan(50); // they are there
  const before = wire.sent.frames.length;
  await expect.poll(() => wire.sent.frames.length, { timeout: 40_000 }).toBeGreaterThan(before);
  const sent = wire.sent.frames.map((frame) => frame.toString("base64"));
  const own = (await recordings(page))[0]?.id ?? "";
  const held = async () => (await film(page, own)).map((frame) => Buffer.from(frame).toString("base64"));
  await expect.poll(async () => (await held()).includes(sent.at(-1) ?? ""), { timeout: 40_000 }).toBe(true);
  const all = await held();
  const begun = sent.indexOf(all[0] ?? "");
  expect(begun).toBeGreaterThanOrEqual(0);
  expect(all.slice(0, sent.length - begun)).toEqual(sent.slice(begun));
  const events = (await unpacked(await film(page, own))).flatMap((one) => one.events);
  expect(leaks(JSON.stringify(events), planted)).toEqual([]);
  expect(faults(events, [...marked])).toEqual([]);
  expect(legible(events).texts.has("Settings")).toBe(true); // and legible
  await stop(page);
  expect((await page.request.delete(`/api/homes/${home}/recordings/${own}`)).status()).toBe(204);
  await settled(page);
  await desk.context().close();
});
