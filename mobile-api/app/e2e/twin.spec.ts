import { expect, test } from "@playwright/test";
import { address, clear, phone, phoneAddress, signIn } from "./house";

/** As a phone makes one up for itself: the second digit says that it is nobody's for good. */
const another = "fa:5e:00:00:00:01";

test("a phone under a new private address is known again by one tap, and its hours hold", async ({ page, request }) => {
  test.setTimeout(300_000);
  await signIn(page);
  await clear(page);
  await phone(request, "online");
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");
  try {
    await address(request, another);
    await phone(request, "online"); // nobody knows it, and the house rule lets it
    const question = page.getByText(/Is this Léo's “Léo's phone”\? It may have changed its private address/);
    await expect(question).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "Yes, it is" }).click();
    await phone(request, "offline");
    await expect(question).toBeHidden();
    await expect(page.getByRole("article", { name: "Léo", exact: true })).toContainText("Paused until");

    await page.goto("/device/leo-phone");
    await expect(page.getByRole("heading", { level: 1, name: "Léo's phone" })).toBeVisible();
    await page.getByRole("button", { name: "Edit" }).click();
    await expect(page.getByRole("dialog")).toContainText(`${phoneAddress}, ${another}`);
    await page.goto("/person/leo");
    const week = page.getByRole("region", { name: "Last seven days" });
    await expect(week).toContainText("Pause"); // what was counted and cut before is still theirs
  } finally {
    await address(request, phoneAddress);
    await clear(page);
  }
  await phone(request, "online");
});
