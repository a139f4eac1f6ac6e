import { expect, test, type Page } from "@playwright/test";
import { alone, clear, join, phone, signIn } from "./house";

/** Takes a member out, as an owner. */
async function remove(page: Page, name: string) {
  await page.getByRole("button", { name: new RegExp(`^Remove.*${name}`) }).click();
  await page.getByRole("dialog").getByRole("button", { name: `Remove ${name}` }).click();
  await expect(page.getByRole("listitem").filter({ hasText: name })).toHaveCount(0);
}

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await clear(page);
  await alone(page);
});

test("a member's role is changed, and their open phone can do less at once; removed, it is out", async ({ page, browser }) => {
  const other = await join(page, browser, { role: "Adult", name: "Sam" });
  await expect(other.getByRole("button", { name: "Pause Léo for 1 hour" })).toBeEnabled();

  await page.goto("/members");
  const line = page.getByRole("listitem").filter({ hasText: "Sam" });
  await expect(line).toContainText("Adult");
  await line.getByRole("button", { name: /^Role.*Sam/ }).click();
  const dialog = page.getByRole("dialog", { name: "The role of Sam" });
  await dialog.getByRole("radio", { name: "Child" }).check();
  await dialog.getByRole("combobox", { name: "Whose time do they see?" }).selectOption({ label: "Camille" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(line).toContainText("Child");
  await expect(other.getByRole("heading", { name: "Your time" })).toBeVisible();
  await expect(other.getByRole("article", { name: "Léo", exact: true })).toHaveCount(0);

  await remove(page, "Sam");
  await expect(other.getByRole("heading", { name: /^You no longer belong to / })).toBeVisible();
  await expect(other.getByText(/they can invite you again/)).toBeVisible();
  await expect(other.getByText(/does not answer|You are offline/)).toHaveCount(0);
  await other.reload();
  await expect(other.getByRole("heading", { name: /^You no longer belong to / })).toBeVisible();
  await other.context().close();
});

test("a dialog that is closed gives the focus back to what opened it", async ({ page }) => {
  await page.goto("/members");
  const invite = page.getByRole("button", { name: "Invite someone" });
  await invite.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Invite someone" });
  await expect(dialog.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(invite).toBeFocused();
});

test("a child sees their own time, asks for more, and hears the answer", async ({ page, browser, request }) => {
  const child = await join(page, browser, { role: "Child", name: "Léo junior" });
  await expect(child.getByRole("article", { name: "Camille", exact: true })).toHaveCount(0);
  await child.goto("/members");
  await expect(child.getByRole("button", { name: /Invite|Remove|Role/ })).toHaveCount(0);

  await page.goto("/");
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");
  await child.goto("/");
  await child.getByRole("button", { name: "Ask for 30 minutes" }).click();
  await page.getByRole("article", { name: /Léo.*30/ }).getByRole("button", { name: /^15/ }).click();
  await phone(request, "online");
  await expect(child.getByText(/Yes! You have until \d\d:\d\d/)).toBeVisible();
  await page.goto("/members");
  await remove(page, "Léo junior");
  await child.context().close();
});

test("the home is renamed, and is called so everywhere", async ({ page, browser }) => {
  const other = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await signIn(other);
  const before = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  for (const name of ["Chez nous, au fond du jardin", before]) {
    await page.goto("/settings");
    await page.getByRole("button", { name: "Rename the home" }).click();
    const dialog = page.getByRole("dialog", { name: "Rename the home" });
    await dialog.getByRole("textbox", { name: "New name" }).fill(name);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await other.reload();
    await expect(other.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  await other.context().close();
});
