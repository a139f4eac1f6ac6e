import { expect, test } from "@playwright/test";
import { signIn } from "./house";

test("what to hear of is chosen once for all phones, and permission is asked for by a tap alone", async ({ page, context }) => {
  await signIn(page);
  await page.goto("/settings");
  const section = page.getByRole("region", { name: "Notifications" });
  const kind = section.getByRole("checkbox", { name: "When a child asks for more time" });
  await expect(kind).toBeChecked();
  expect(await page.evaluate(() => Notification.permission)).not.toBe("granted"); // nobody was asked on the way here
  await section.getByText("When a child asks for more time").click();
  await expect(kind).not.toBeChecked();
  await expect(kind).toBeEnabled(); // the cloud has it
  await page.reload();
  await expect(kind).not.toBeChecked();
  await section.getByText("When a child asks for more time").click();
  await expect(kind).toBeChecked();
  await expect(kind).toBeEnabled();

  // A browser that says no is told how to say yes.
  await context.clearPermissions();
  await page.addInitScript(() => Object.defineProperty(Notification, "permission", { get: () => "denied" }));
  await page.reload();
  await expect(section).toContainText("This browser refuses notifications from Carebox");
});
