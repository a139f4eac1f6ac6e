import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { alone, clear, home, join, joinBy, linkIn, signIn } from "./house";
import { overhear } from "./overheard";
import { admin, settled } from "./staff";
import * as story from "./story";
import { leaks } from "./wire";

// Who belongs to a home is proposed by an agent and made by the customer's own tap, or not at all.

test.use({ viewport: { width: 390, height: 844 }, actionTimeout: 15_000 });
test.setTimeout(300_000);

type Kin = { id: string; name: string; role: string; person: string; me: boolean };
type Scene = story.Scene & { session: string; sam: Page };

const url = `/api/homes/${home}`;
const kin = async (page: Page) => (await (await page.request.get(`${url}/members`)).json()) as Kin[];
const invitations = async (page: Page) => (await (await page.request.get(`${url}/invitations`)).json()) as { id: string; role: string }[];

/** Somebody's place as the server has it: "adult", "child leo", "" for none. */
async function placeOf(page: Page, name: string): Promise<string> {
  const found = (await kin(page)).find((one) => one.name === name);
  return [found?.role, found?.person].filter(Boolean).join(" ");
}

const sound = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)).toEqual([]);
};

const belonging = (desk: Page) => desk.getByRole("region", { name: "Who belongs to the home" });
const proposed = (desk: Page) => belonging(desk).getByRole("list", { name: "What you have proposed" }).getByRole("listitem");
const card = (page: Page) => page.getByRole("region", { name: /^A change by/ });

/** A family of two, an owner and Sam, and an agent who may do all that can be allowed. */
async function scene(page: Page, browser: Browser): Promise<Scene> {
  await signIn(page);
  await clear(page);
  await alone(page);
  for (const { id } of await invitations(page)) expect((await page.request.delete(`${url}/invitations/${id}`)).ok()).toBe(true);
  await settled(page);
  const sam = await join(page, browser, { role: "Adult", name: "Sam" });
  const s = { page, desk: await admin(browser), ...story.fast };
  await page.goto("/help");
  await page.getByRole("button", { name: "Talk to someone", exact: true }).click();
  await expect(page).toHaveURL(/\/help\/case\//);
  await story.taken(s, page.url().split("/").pop() ?? "");
  await story.asked(s, "Who belongs to your home");
  const session = await story.allowed(s);
  await page.goto("/");
  await people(s);
  return { ...s, session, sam };
}

async function people({ desk }: story.Scene) {
  await desk.getByRole("tab", { name: "People and hours" }).click();
  await expect(belonging(desk).getByRole("listitem").filter({ hasText: /^Sam/ })).toBeVisible();
}

async function over({ page, desk, sam }: Scene) {
  await settled(page);
  await alone(page);
  for (const one of [desk, sam]) await one.context().close();
}

/** The agent proposes, by keyboard, what is chosen in a dialog that a button opens. */
async function propose(desk: Page, button: RegExp | string, choose?: (dialog: ReturnType<Page["getByRole"]>) => Promise<void>) {
  const before = await proposed(desk).count();
  await belonging(desk).getByRole("button", { name: button }).press("Enter");
  const dialog = desk.getByRole("dialog");
  await choose?.(dialog);
  await dialog.getByRole("button", { name: "Propose" }).press("Enter");
  await expect(dialog).toBeHidden();
  await expect(proposed(desk)).toHaveCount(before + 1);
  await expect(proposed(desk).first()).toContainText(/Waits for the family's tap\. \d:\d\d left/);
}

test("a role, an invitation and a removal are proposed, and made by the customer's tap alone", async ({ page, browser }) => {
  const s = await scene(page, browser);
  const { desk, sam, session } = s;
  const heard = await overhear(desk);
  const headers = { "Support-Session": session };
  const { id } = (await kin(page)).find(({ name }) => name === "Sam") ?? { id: "" };
  const own = [
    await desk.request.put(`${url}/members/${id}`, { data: { role: "child", person: "leo" }, headers }),
    await desk.request.delete(`${url}/members/${id}`, { headers }),
    await desk.request.post(`${url}/invitations`, { data: { role: "adult" }, headers }),
  ];
  expect(own.map((answer) => answer.status())).toEqual([403, 403, 403]);
  const told = (await (await desk.request.get(`${url}/members`, { headers })).json()) as (Kin & { email: string })[];
  expect(told.map(({ email, me }) => [email, me])).toEqual([["", false], ["", false]]);

  await propose(desk, /^Another role….*Sam$/, async (dialog) => {
    await expect(dialog.getByRole("button", { name: "Propose" })).toBeDisabled(); // nothing would be different
    await dialog.getByRole("radio", { name: "Child" }).check();
    await dialog.getByRole("combobox", { name: "Whose time do they see?" }).selectOption({ label: "Léo" });
    await sound(desk);
  });
  await expect(card(page)).toContainText(/Sam's place in the home.*Now: Adult.*Then: Child: Léo/);
  await sound(page);
  expect(await placeOf(page, "Sam")).toBe("adult");
  await card(page).getByRole("button", { name: "Confirm" }).click();
  await expect(card(page)).toBeHidden();
  expect(await placeOf(page, "Sam")).toBe("child leo");
  await expect(sam.getByRole("heading", { name: "Your time" })).toBeVisible();
  await expect(proposed(desk).first()).toContainText("The family has confirmed it.");
  await expect(belonging(desk).getByRole("listitem").filter({ hasText: /^Sam/ })).toContainText("Child: Léo");
  await sound(desk);
  const made = story.changes(page);
  await expect(made.getByRole("listitem")).toHaveText([/changed the role of Sam in force \d\d:\d\d\. It can be changed under Members\./]);
  await expect(made.getByRole("button")).toHaveCount(0);

  const code = await invited(s);
  expect(leaks(await heard.text(), [code])).toEqual([]);

  await propose(desk, /^Remove….*Sam$/);
  await expect(card(page)).toContainText(/Sam's place in the home.*Then: belongs to the home no more/);
  await card(page).getByRole("button", { name: "No", exact: true }).click();
  await expect(card(page)).toBeHidden();
  await expect(proposed(desk).first()).toContainText("The family said no. Nothing has changed.");
  expect(await placeOf(page, "Sam")).toBe("child leo");
  await propose(desk, /^Remove….*Sam$/);
  expect(await placeOf(page, "Sam")).toBe("child leo");
  await card(page).getByRole("button", { name: "Confirm" }).click();
  await expect(sam.getByRole("heading", { name: /^You no longer belong to / })).toBeVisible();
  expect(await placeOf(page, "Sam")).toBe("");
  await expect(belonging(desk).getByRole("listitem").filter({ hasText: /^Sam/ })).toHaveCount(0);

  await story.stopped(s);
  const receipt = page.getByRole("dialog", { name: "The visit has ended" });
  await expect(receipt).toContainText("3 changes of who belongs to the home, which were confirmed here.");
  await expect(receipt).not.toContainText("Nothing was changed");
  await sound(page);
  await receipt.getByRole("button", { name: "Close" }).last().click();
  await over(s);
});

/** An invitation is proposed and confirmed while the agent sees the screen, and somebody joins by it. Its code. */
async function invited(s: Scene): Promise<string> {
  const { page, desk } = s;
  await propose(desk, "Propose an invitation…", async (dialog) => {
    await expect(dialog).toContainText("You never see it.");
    await sound(desk);
  });
  await expect(card(page)).toContainText(/an invitation.*Then: Adult\. Sets hours, pauses, answers children\./);
  expect(await invitations(page)).toEqual([]);
  await desk.getByRole("tab", { name: "Screen", exact: true }).click();
  await expect(story.alive(desk)).toBeVisible({ timeout: 40_000 });
  await desk.getByRole("combobox", { name: "Open a screen…" }).selectOption("members");
  await expect(page.getByRole("heading", { level: 1, name: "Members" })).toBeVisible({ timeout: 40_000 });
  await card(page).getByRole("button", { name: "Confirm" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite someone" });
  const link = await linkIn(dialog);
  await expect(dialog).toContainText("does not see this code.");
  await sound(page);
  await expect(story.picture(desk).getByText("Copy the link")).toBeVisible({ timeout: 40_000 });
  await expect(desk.getByText("Members › Invite somebody")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  expect((await invitations(page)).map(({ role }) => role)).toEqual(["adult"]);
  const ines = await joinBy(link, s.page.context().browser() as Browser, { role: "Adult", name: "Ines" });
  expect(await placeOf(page, "Ines")).toBe("adult");
  await ines.context().close();
  await people(s);
  await expect(belonging(desk).getByRole("listitem").filter({ hasText: /^Ines/ })).toContainText("Adult");
  return link.hash.slice(1);
}

test("an adult who is no owner can say no to a role, and confirm an invitation; what has changed since is not made", async ({ page, browser }) => {
  const s = await scene(page, browser);
  const { desk, sam, session } = s;
  await propose(desk, /^Another role….*Sam$/, (dialog) => dialog.getByRole("radio", { name: "Owner" }).check());
  await expect(card(sam)).toContainText("that takes an owner of this home");
  await expect(card(sam).getByRole("button")).toHaveText(["No"]);
  await sound(sam);
  const [offer] = (await (await sam.request.get(`${url}/support/${session}/proposals`)).json()) as { id: string; hash: string }[];
  const path = `${url}/support/${session}/proposals/${offer?.id ?? ""}/approve`;
  const tried = await sam.request.post(path, { data: { hash: offer?.hash } });
  expect([tried.status(), ((await tried.json()) as { code: string }).code]).toEqual([403, "owner"]);
  await card(sam).getByRole("button", { name: "No" }).click();
  await expect(proposed(desk).first()).toContainText("The family said no.");
  await expect(card(page)).toBeHidden();
  expect(await placeOf(page, "Sam")).toBe("adult");

  await propose(desk, "Propose an invitation…");
  await card(sam).getByRole("button", { name: "Confirm" }).click();
  await expect(sam.getByRole("dialog", { name: "Invite someone" })).toContainText("Let them scan this code");
  await expect(card(page)).toBeHidden();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await invitations(page)).toHaveLength(1);

  await propose(desk, /^Another role….*Sam$/, (dialog) => dialog.getByRole("radio", { name: "Child" }).check());
  await expect(card(page)).toContainText("Sam's place in the home");
  const { id } = (await kin(page)).find(({ name }) => name === "Sam") ?? { id: "" };
  expect((await page.request.put(`${url}/members/${id}`, { data: { role: "owner" } })).ok()).toBe(true);
  await card(page).getByRole("button", { name: "Confirm" }).click();
  await expect(card(page).getByRole("alert")).toContainText("Who belongs to the home has changed since this was prepared.");
  expect(await placeOf(page, "Sam")).toBe("owner");
  await story.stopped(s);
  await over(s);
});
