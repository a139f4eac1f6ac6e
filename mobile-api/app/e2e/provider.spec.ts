import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { control, signIn } from "./house";

// The provider sends people back to the address that the cloud calls its own, and the browser is to have left from there.
test.use({ baseURL: process.env.CAREBOX_URL?.replace("localhost", "127.0.0.1") });

const provider = async (request: APIRequestContext, what: "kill" | "start") => {
  expect(await (await request.post(`${control}/provider/${what}`, { timeout: 120_000 })).text()).toContain("ok");
};

const button = (page: Page) => page.getByRole("button", { name: "Staff: Acme" });

/** Goes to the provider and signs in there, at its own pages, which take any password. */
async function enter(page: Page, login: string) {
  await page.goto("/sign-in");
  await expect(async () => {
    if (!page.url().includes("interaction")) await button(page).click({ timeout: 5_000 }); // again, where the provider has only just begun to answer
    await page.waitForURL(/interaction/, { timeout: 10_000, waitUntil: "commit" });
  }).toPass({ timeout: 120_000 });
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

const me = async (page: Page) => ((await (await page.request.get("/api/me")).json()) as { member: Record<string, string> }).member;

test("a provider that does not answer leaves the other ways in", async ({ page, request }) => {
  await provider(request, "kill");
  await page.goto("/sign-in");
  await button(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "Acme does not answer now." })).toBeVisible();
  const broken = await new AxeBuilder({ page }).analyze();
  expect(broken.violations).toEqual([]);
  await signIn(page);
});

test.describe("a provider that answers", () => {
  test.beforeAll(({ request }) => provider(request, "start"));
  test.afterAll(({ request }) => provider(request, "kill"));

  test("staff sign in at the operator's provider, and out again", async ({ page, context }) => {
    const seen: string[] = [];
    page.on("response", (response) => seen.push(response.url()));
    await enter(page, "julie");
    await expect(page).toHaveURL((url) => url.pathname === "/" && url.search === "");
    await expect.poll(async () => (await page.request.get("/api/me")).status()).toBe(200);
    expect(await me(page)).toMatchObject({ email: "staff@carebox.example", staff: "admin" });
    expect((await page.request.get("/api/staff/members")).status()).toBe(200); // it counts as two factors

    const cookies = await context.cookies(process.env.CAREBOX_URL?.replace("localhost", "127.0.0.1"));
    expect(cookies).toContainEqual(expect.objectContaining({ name: "carebox", sameSite: "Strict", httpOnly: true }));
    expect(cookies.map(({ name }) => name)).not.toContain("carebox-oidc");

    const callback = seen.find((url) => url.includes("/callback?")) ?? "";
    expect(callback).toContain("code=");
    expect((await page.request.delete("/api/sessions/current")).status()).toBe(204);
    await page.goto(callback); // from the history, say
    await expect(page.getByRole("alert").filter({ hasText: "took too long" })).toBeVisible();
    expect((await page.request.get("/api/me")).status()).toBe(401);
  });

  test("a role that the provider's claim gives makes an account", async ({ page }) => {
    await enter(page, "ruth");
    await expect(page).toHaveURL((url) => url.pathname === "/");
    await expect.poll(async () => (await page.request.get("/api/me")).status()).toBe(200);
    expect(await me(page)).toMatchObject({ name: "Ruth", staff: "support", locale: "fr" });
  });

  for (const [login, words] of [
    ["mallory", "You are not on the list of staff. Tell your administrator."],
    ["trudy", "Acme has not verified your email. Tell your administrator."],
  ] as const) {
    test(`${login} is let in by the provider, and not here`, async ({ page }) => {
      await enter(page, login);
      await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible();
      expect((await page.request.get("/api/me")).status()).toBe(401);
    });
  }

  test("who changes their mind at the provider is told so, in their language", async ({ browser }) => {
    const page = await (await browser.newContext({ locale: "fr-FR" })).newPage();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: /Personnel.*Acme/ }).click();
    await page.getByRole("link", { name: "Cancel" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "ne vous a pas laissé entrer" })).toBeVisible();
    await page.close();
  });
});
