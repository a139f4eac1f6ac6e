import { expect, type Locator, test } from "@playwright/test";
import { signIn } from "./house";
import { agentOf, look, sessionOf, stop, tap } from "./mirrored";

test.setTimeout(240_000);

/** How some elements of a page look, which they would not by themselves. */
const looks = (of: Locator) =>
  of.evaluateAll((elements) => elements.map((element) => {
    const { display, padding, fontSize, borderRadius, color, backgroundColor } = getComputedStyle(element);
    return { display, padding, fontSize, borderRadius, color, backgroundColor };
  }));

test("a picture of a build that is served no more has its style sheets inside", async ({ page, browser }) => {
  const wire = tap(page);
  await signIn(page);
  const agent = await agentOf(browser);
  const { id: session } = await sessionOf(page.context(), agent.context(), ["see"]);
  await page.goto("/settings");
  await expect(page.locator("main h1")).toHaveText("Settings");
  const gone: string[] = [];
  await agent.context().route(/\/assets\/(base|Settings).*\.css/, (route) => {
    gone.push(route.request().url());
    return route.fulfill({ status: 404, body: "not found" });
  });
  await agent.goto("about:blank"); // nothing of what it had loaded stays
  await agent.goto("/sign-in");
  await look(agent, session);
  const picture = agent.frameLocator("#picture").frameLocator("iframe");
  await expect(picture.locator("main h1")).toHaveText("Settings", { timeout: 30_000 });
  await expect.poll(() => gone.length, { timeout: 30_000 }).toBeGreaterThan(0);
  for (const part of ["main h1", "main section"]) {
    await expect.poll(() => looks(picture.locator(part)), { timeout: 30_000 }).toEqual(await looks(page.locator(part)));
  }
  const said = JSON.stringify((await wire.events()).map(({ events }) => events));
  expect(said).toContain("_cssText");
  expect(said).not.toMatch(/url\(|@import|@font-face/);
  await stop(page);
  await agent.context().close();
});
