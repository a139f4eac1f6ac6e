import { expect, test } from "@playwright/test";
import { signIn } from "./house";

test("a passkey is made, signs in without a password, and is taken away", async ({ page }) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await signIn(page);
  await page.goto("/settings");
  const section = page.getByRole("region", { name: "Passkeys" });
  await section.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await dialog.getByRole("textbox", { name: "A name, to know it again" }).fill("Kitchen");
  await dialog.locator("input[type=password]").fill(process.env.CAREBOX_PASSWORD ?? "");
  await dialog.getByRole("button", { name: "Add a passkey" }).click();
  await expect(dialog).toBeHidden();
  await expect(section).toContainText("Kitchen");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("article", { name: "Léo", exact: true })).toBeVisible();

  await page.goto("/settings");
  await section.getByRole("button", { name: "Delete the passkey Kitchen" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete the passkey Kitchen" }).click();
  await expect(section).toContainText("You have none yet.");
});
