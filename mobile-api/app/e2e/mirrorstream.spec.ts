import { expect, type Page, test } from "@playwright/test";
import { openLab } from "./lab/build";
import type { Chaos } from "./lab/chaos";
import type { Lab } from "./lab/lab";

// What becomes of a picture whose frames are lost, repeated, late or evil, or whose sender has another clock.

declare const window: Window & { lab: Lab; chaos: Chaos; random: () => number };

test.setTimeout(120_000);

/** The page changes while time passes and its frames are packed, and some of them come. */
const step = async (page: Page, { fault, clogged }: { fault: number; clogged: boolean }) => {
  await page.evaluate((clogged) => {
    window.chaos.clog(clogged);
    for (let n = 0; n < 4; n++) setTimeout(() => window.chaos.stir(window.random), 60 * n);
  }, clogged);
  await page.clock.runFor(600);
  return page.evaluate((fault) => window.chaos.pass(window.random, fault), fault);
};

for (const seed of [20261122, 7]) {
  test(`whatever is lost, doubled or turned round, a picture is right or says that it is not whole (${String(seed)})`, async ({ page }) => {
    await page.clock.install();
    await openLab(page, "product");
    await page.clock.pauseAt(Date.now() + 60_000); // nothing is sent but where a step says so
    await page.evaluate((seed) => {
      window.random = window.lab.chance(seed);
      window.chaos = window.lab.chaos();
    }, seed);
    for (let n = 0; n < 120; n++) expect(await step(page, { fault: n % 40 < 30 ? 0.12 : 0, clogged: n % 10 === 7 }), `step ${String(n)}`).toBe("");
    await expect.poll(async () => {
      await page.clock.fastForward(1_500);
      const wrong = await page.evaluate(() => {
        window.chaos.clog(false);
        return window.chaos.pass(window.random, 0);
      });
      return wrong || (await page.evaluate(() => window.chaos.isWhole()));
    }).toBe(true);
    const [compared, wants] = await page.evaluate(() => [window.chaos.compared(), window.chaos.wants()]);
    expect(compared).toBeGreaterThan(60); // pictures that were looked at
    expect(wants).toBeGreaterThan(5); // and there was something to heal
  });
}
