import { expect, test } from "@playwright/test";
import { agent, clear, phone, proved, signIn, told } from "./house";

test("a box that is gone is said to be gone, and takes the change when it is back", async ({ page, request }) => {
  await signIn(page);
  await clear(page);
  await proved(page);
  await agent(request, "kill");
  try {
    await expect(page.getByRole("region", { name: "The box" })).toContainText(/unreachable since/i);
    await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
    await told(page, /will apply when the box is back/i);
    await phone(request, "online");
  } finally {
    await agent(request, "start");
  }
  await phone(request, "offline");
  await expect(page.getByRole("region", { name: "The box" })).toContainText("The box is fine");
});

test("each decision says when it came in force, or that another took its place before", async ({ page, request }) => {
  await signIn(page);
  await clear(page);
  await phone(request, "online");
  const newest = page.getByRole("main").getByRole("listitem").first();
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");
  await page.goto("/activity");
  await expect(newest).toContainText(/Parent paused Léo.*in force \d\d:\d\d:\d\d/);

  await agent(request, "kill");
  try {
    await page.goto("/");
    await expect(page.getByRole("region", { name: "The box" })).toContainText(/unreachable since/i);
    await page.getByRole("button", { name: "Resume Léo" }).click();
    await told(page, /will apply when the box is back/i);
    await page.getByRole("button", { name: "Pause Camille for 1 hour" }).click();
    await page.goto("/activity");
    await expect(newest).toContainText(/Parent paused Camille.*not in force yet/);
  } finally {
    await agent(request, "start");
  }
  await expect(newest).toContainText(/Parent paused Camille.*in force \d\d:\d\d:\d\d/);
  await expect(page.getByRole("listitem").filter({ hasText: "Parent resumed Léo" }).first()).toContainText("replaced before it was in force");
  await phone(request, "online");
});

test("any decision is undone from Activity, and one that was changed since after a look at what it comes to", async ({ page, request }) => {
  await signIn(page);
  await clear(page);
  await phone(request, "online");
  const entries = page.getByRole("main").getByRole("listitem");
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");
  await page.goto("/activity");
  await entries.filter({ hasText: "Parent paused Léo" }).first().getByRole("button", { name: /^Undo/ }).click();
  await phone(request, "online");
  await expect(entries.first()).toContainText("Parent undid an earlier change");

  await page.goto("/person/leo");
  const daily = page.getByRole("region", { name: "Daily time", exact: true });
  await daily.getByRole("button", { name: "Set a daily time" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await daily.getByRole("button", { name: /^Change daily time/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "15 minutes more" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(daily).toContainText(/2\sh\s15/);
  await page.goto("/activity");
  await entries.first().getByRole("button", { name: /^Details: Parent set the daily time of Léo/ }).click();
  await expect(entries.first()).toContainText(/Before: Léo.*2\sh.*After: Léo.*2\sh\s15/);
  const undo = entries.nth(1).getByRole("button", { name: /^Undo: Parent set the daily time of Léo/ });
  await undo.click();
  const dialog = page.getByRole("dialog", { name: "It has changed again since" });
  await expect(dialog).toContainText("Parent set the daily time of Léo");
  await expect(dialog).toContainText(/daily time: LéoNow: Léo.*2\sh\s15.*Then: nothing/);
  await dialog.getByRole("button", { name: "Leave it like this" }).click();
  await expect(dialog).toBeHidden();
  await undo.click();
  await dialog.getByRole("button", { name: "Undo all the same" }).click();
  await expect(entries.first()).toContainText("Parent undid an earlier change");
  await page.goto("/person/leo");
  await expect(daily.getByRole("button", { name: "Set a daily time" })).toBeVisible();
});

test("without network the app opens, shows the last known state as such, and changes nothing", async ({ page, context, request }) => {
  await signIn(page);
  await clear(page);
  await phone(request, "online");
  await page.evaluate(async () => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect(page.getByRole("article", { name: "Léo", exact: true })).toBeVisible();
  await expect.poll(() => page.evaluate(() => localStorage.getItem("carebox.last") ?? "")).toContain("Léo");
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/You are offline/).first()).toBeVisible();
  await expect(page.getByRole("article", { name: "Léo", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /Pause Léo/ })).toBeDisabled();
  await context.setOffline(false);
  await expect(page.getByRole("button", { name: /Pause Léo/ })).toBeEnabled();
  await phone(request, "online");
});
