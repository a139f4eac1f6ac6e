import { type APIRequestContext, expect, test } from "@playwright/test";
import { control, signIn } from "./house";
import { agentOf, click, sessionOf, stop } from "./mirrored";

// The cloud writes the address that it calls its own into the page that draws, which listens to no other.
const app = process.env.CAREBOX_URL?.replace("localhost", "127.0.0.1") ?? "";
const apart = app.replace("127.0.0.1", "mirror.localhost");
test.use({ baseURL: app });
test.setTimeout(240_000);

const place = async (request: APIRequestContext, where: "apart" | "beside") => {
  expect(await (await request.post(`${control}/mirror/${where}`, { timeout: 120_000 })).text()).toContain("ok");
};

test.beforeAll(({ request }) => place(request, "apart"));
test.afterAll(({ request }) => place(request, "beside"));

test("a screen is drawn in a page of another origin, which gets no cookie, and there it takes marks all the same", async ({ page, browser }) => {
  await signIn(page);
  const agent = await agentOf(browser);
  const cookies: string[] = [];
  agent.on("request", (request) => {
    if (request.url().startsWith(apart)) void request.allHeaders().then(({ cookie = "" }) => cookies.push(cookie));
  });
  const { kase } = await sessionOf(page.context(), agent.context(), ["see"]);
  await page.goto("/settings");
  await agent.goto(`/support?case=${kase}`);
  await agent.getByRole("tab", { name: "Screen", exact: true }).click();
  const drawn = agent.frameLocator(`iframe[src="${apart}/mirror"]`).frameLocator("iframe");
  const heading = drawn.getByText("Settings", { exact: true }).first();
  await expect(heading).toBeVisible({ timeout: 60_000 });
  await expect(async () => {
    await click(agent, heading);
    await expect(page.locator("[data-private] [aria-hidden] [data-shape=ring]").first()).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 40_000 });

  await expect.poll(() => cookies.length).toBeGreaterThan(0);
  expect(cookies.filter(Boolean)).toEqual([]);
  for (const path of ["/", "/support", "/api/me"]) {
    const answer = await page.request.get(path, { headers: { Host: new URL(apart).host }, maxRedirects: 0 });
    expect(answer.status(), path).toBe(404);
  }
  expect((await page.request.get("/mirror")).status()).toBe(404);
  await stop(page);
  await agent.context().close();
});
