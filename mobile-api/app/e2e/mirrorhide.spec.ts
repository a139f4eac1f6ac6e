import { expect, type Page, test } from "@playwright/test";
import { signIn } from "./house";
import { agentOf, look, sessionOf, stop } from "./mirrored";

test.setTimeout(240_000);

/** The heading of the customer's screen, in the picture that stands in their own. */
async function openSees(page: Page) {
  await page.getByRole("button", { name: /^What .* sees$/ }).click();
  return page.frameLocator("[role=dialog] iframe").frameLocator("iframe").locator("main h1");
}

test("what the customer taps in the picture is hidden from the agent, on every visit to the screen, until it is shown again", async ({ page, browser }) => {
  await signIn(page);
  const agent = await agentOf(browser);
  const { id: session } = await sessionOf(page.context(), agent.context(), ["see"]);
  await page.goto("/settings");
  await look(agent, session);
  const picture = agent.frameLocator("#picture").frameLocator("iframe");
  const heading = picture.locator("main h1");
  const hidden = picture.locator("main h1.mirror-unseen");
  await expect(heading).toHaveText("Settings", { timeout: 30_000 });

  const mine = await openSees(page);
  await expect(mine).toHaveText("Settings", { timeout: 30_000 });
  await expect(async () => {
    const box = await mine.boundingBox();
    await page.mouse.click((box?.x ?? 0) + 8, (box?.y ?? 0) + (box?.height ?? 0) / 2); // again, where the picture was not of now
    await expect(page.getByText(/^Hidden: .* does not see it any more\.$/).first()).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await expect(hidden).toBeVisible({ timeout: 30_000 });
  await expect(hidden).toHaveText("");
  await expect(page.locator("main h1")).toHaveText("Settings"); // the customer has it as ever

  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Activity", exact: true }).click();
  await expect(heading).toHaveText("Activity", { timeout: 30_000 });
  await page.goto("/settings"); // loaded anew: it was kept
  await expect(hidden).toBeVisible({ timeout: 30_000 });

  await openSees(page);
  await page.getByText("Hide things by their names").press("Enter");
  const part = page.getByRole("button", { name: "Hide “Settings”", exact: true });
  await expect(part).toHaveAttribute("aria-pressed", "true");
  await part.press("Enter");
  await expect(part).toHaveAttribute("aria-pressed", "false");
  await expect(heading).toHaveText("Settings", { timeout: 30_000 });
  await part.press("Enter");
  await expect(hidden).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Show everything again" }).press("Enter");
  await expect(heading).toHaveText("Settings", { timeout: 30_000 });

  await page.keyboard.press("Escape");
  await stop(page);
  await agent.context().close();
});
