import { expect, type Page, test } from "@playwright/test";
import { encodeKey, pack } from "../src/mirror/frame";
import { garden, plant, planted } from "./garden";
import { home, signIn } from "./house";
import { agentOf, click, look, own, say, sessionOf, tap } from "./mirrored";
import { shownOn } from "./shown";
import { strip } from "./story";
import { faults, leaks, legible } from "./wire";

test.setTimeout(240_000);
test.describe.configure({ mode: "serial" });

async function end(page: Page, session: string) {
  const headers = { Origin: new URL(page.url()).origin };
  expect((await page.context().request.post(`/api/homes/${home}/support/${session}/end`, { headers })).ok()).toBe(true);
}

test("of 59 secrets that are shown and typed none is on the wire, and the scan would find each", async ({ page, browser }) => {
  expect(planted.length).toBeGreaterThanOrEqual(59);
  const wire = tap(page);
  const marked = await shownOn(page);
  await signIn(page);
  const agent = await agentOf(browser);
  const { id: session } = await sessionOf(page.context(), agent.context(), ["see"]);
  await page.goto("/");
  await look(agent, session);
  await expect.poll(() => wire.sent.frames.length, { timeout: 30_000 }).toBeGreaterThan(0);
  await page.evaluate(plant, garden);
  for (const [field, place] of [["#t1", "typed"], ["#t2", "typedpassword"], ["#t3", "typedarea"], ["#t4", "typededitable"]] as const) {
    await page.locator(field).focus();
    await page.keyboard.type(garden[place] ?? "", { delay: 15 });
  }
  const shown = await page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input,textarea")].map((f) => (f as HTMLInputElement).value).join());
  expect(leaks(shown, planted)).toEqual(planted); // they are all there, and the scan sees them
  const keys = async () => (await wire.events()).filter(({ head }) => head.kind === 1).length;
  const before = await keys();
  await say(agent, { type: "key.want" }); // a picture of the whole garden, beside what came bit by bit
  await expect.poll(keys, { timeout: 30_000 }).toBeGreaterThan(before);
  for (const place of ["Activity", "TV & video", "Home"]) {
    await page.getByRole("link", { name: place, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 }).or(page.getByRole("article").first()).first()).toBeVisible();
  }
  await page.goto("/settings#token=Zqtokenxyz");
  await expect.poll(async () => (await wire.events()).at(-1)?.head.generation, { timeout: 30_000 }).toBeGreaterThan(1);

  const frames = await wire.events();
  const said = JSON.stringify(frames) + wire.sent.texts.filter((text) => !text.includes('"hello"')).join();
  expect(leaks(said, [...planted, "Zqtokenxyz"])).toEqual([]);
  for (const name of ["Léo", home, "02:00:00", process.env.CAREBOX_EMAIL ?? "?"]) expect(said).not.toContain(name);
  const events = frames.flatMap(({ events }) => events);
  expect(faults(events, [...marked])).toEqual([]); // the positive form: only what is public
  expect(leaks([...marked].join(), planted)).toEqual([]);
  await expect.poll(async () => legible((await wire.events()).flatMap((one) => one.events)).texts.has("Settings")).toBe(true); // and legible
  // The scan finds what is written in another way, and what began to be typed.
  const secret = planted[0] ?? "";
  for (const form of [Buffer.from(secret).toString("base64"), [...secret].reverse().join(""), secret.slice(0, 5)]) expect(leaks(`..${form}..`, [secret])).toEqual([secret]);
  expect(leaks(JSON.stringify([await pack(shown)]), [secret])).toEqual([]); // packed it would hide: which is why frames are unpacked first
  await end(page, session);
  await agent.context().close();
});

test("what the agent points at and opens is on the customer's screen, until the customer ends it", async ({ page, browser }) => {
  const chunks: string[] = [];
  page.on("request", (request) => chunks.push(request.url()));
  await signIn(page);
  const agent = await agentOf(browser);
  const { id: blind } = await sessionOf(page.context(), agent.context(), ["diagnose"]);
  await page.goto("/settings");
  await expect(page.getByRole("region", { name: "Help", exact: true })).toBeVisible();
  expect(chunks.filter((url) => /assets\/Screen-/.test(url))).toEqual([]); // without `see` the recorder is not even loaded
  await end(page, blind);

  const { id: session } = await sessionOf(page.context(), agent.context(), ["see", "change"]);
  await page.goto("/settings");
  await look(agent, session);
  const picture = agent.frameLocator("#picture").frameLocator("iframe");
  await expect(picture.getByText("Settings", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expect(picture.locator("body")).not.toContainText("Léo");
  const at = async () => (await own(agent)).applied;
  await expect.poll(async () => (await at())?.seq ?? -1).toBeGreaterThanOrEqual(0);

  // A click on the drawn heading is a place in the customer's own heading.
  const heading = picture.getByText("Settings", { exact: true }).first();
  const layer = page.locator("[data-private] [aria-hidden]").first();
  await agent.evaluate(() => window.addEventListener("message", ({ data }: MessageEvent<{ type: string; spot: object; pressed: boolean }>) => {
    if (data.type === "spot" && data.pressed) Object.assign(window, { spot: data.spot });
  }));
  await expect(async () => {
    await agent.evaluate(() => Object.assign(window, { spot: null }));
    await click(agent, heading);
    const place = await agent.evaluate(() => (window as unknown as { spot: object | null }).spot);
    expect(place).not.toBeNull();
    await say(agent, { type: "point", ...place });
    await expect(layer.locator("span").first()).toBeVisible({ timeout: 2_500 }); // it goes by itself
  }).toPass({ timeout: 60_000 });
  await say(agent, { type: "show", anchor: "language" });
  await expect(layer.locator("[data-shape=ring]").first()).toBeVisible();

  await say(agent, { type: "go", route: "activity" });
  await expect(page).toHaveURL(/\/activity/);
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await expect(page).toHaveURL(/\/settings/);

  await page.getByRole("button", { name: /^What .* sees$/ }).click();
  const mine = page.frameLocator("[role=dialog] iframe").frameLocator("iframe");
  await expect(mine.getByText("Settings", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect.poll(async () => (await own(agent)).closed, { timeout: 30_000 }).toBe(4001);
  expect((await own(agent)).texts.at(-1)).toContain('"over"');
  await agent.context().close();
});

test("in the console the agent sees the screen with its age, points and leaves marks", async ({ page, browser }) => {
  await signIn(page);
  const agent = await agentOf(browser);
  const { kase } = await sessionOf(page.context(), agent.context(), ["see", "change"]);
  await page.goto("/settings");
  await agent.goto(`/support?case=${kase}`);
  await agent.getByRole("tab", { name: "Screen", exact: true }).click();
  const frame = agent.locator("iframe[src='/mirror']");
  const picture = agent.frameLocator("iframe[src='/mirror']").frameLocator("iframe");
  const heading = picture.getByText("Settings", { exact: true }).first();
  await expect(heading).toBeVisible({ timeout: 40_000 });
  await expect(agent.getByRole("status").filter({ hasText: /sees it now/ })).toBeVisible({ timeout: 30_000 });
  const layer = page.locator("[data-private] [aria-hidden]").first();
  await expect(async () => {
    await click(agent, heading);
    await expect(layer.locator("[data-shape=ring]").first()).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await agent.getByRole("button", { name: "Take marks away" }).click();
  await expect(layer.locator("[data-shape=ring]")).toHaveCount(0);
  await agent.getByRole("combobox", { name: "Open a screen…" }).selectOption("activity");
  await expect(page).toHaveURL(/\/activity/);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(strip(agent)).toContainText("The customer stopped at", { timeout: 30_000 });
  await expect(agent.getByRole("tabpanel")).toContainText("The session is over. Nothing more can be seen or changed.");
  await expect(frame).toHaveCount(0);
  await agent.context().close();
});

test("a hostile picture runs nothing, and fetches nothing", async ({ page }) => {
  await signIn(page);
  const foreign: string[] = [];
  page.on("request", (request) => (request.url().includes("evil.example") ? foreign.push(request.url()) : undefined));
  page.on("dialog", (dialog) => foreign.push(dialog.message()));
  const evil = "https://evil.example/x";
  let id = 10;
  const node = (tagName: string, attributes: object, ...childNodes: object[]) => ({ type: 2, id: ++id, tagName, attributes, childNodes });
  const text = (textContent: string) => ({ type: 3, id: ++id, textContent });
  const body = node("body", { onload: "alert(1)", style: `background:url(${evil})` },
    node("h1", {}, text("Settings")), node("script", {}, text("alert(2)")), node("img", { src: evil, srcset: `${evil} 2x`, onerror: "alert(3)" }),
    node("iframe", { srcdoc: "<script>alert(4)</script>", src: evil }), node("a", { href: "javascript:alert(5)" }), node("base", { href: evil }),
    node("form", { action: evil }, node("button", { formaction: evil })), node("meta", { "http-equiv": "refresh", content: `0;url=${evil}` }),
    node("link", { rel: "stylesheet", href: evil }), node("style", { _cssText: `@import "${evil}"; h1{background:url(${evil})}` }),
    node("svg", {}, node("use", { href: evil })), node("object", { data: evil }), node("video", { src: evil, poster: evil }));
  const events = [
    { type: 4, timestamp: 1, data: { href: evil, width: 390, height: 844 } },
    { type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: [node("html", {}, node("head", {}), body)] }, initialOffset: { top: 0, left: 0 } } },
  ];
  const [frame] = encodeKey(await pack(events), { generation: 1, epoch: 1 }) ?? [];
  await page.evaluate(async (bytes) => {
    const picture = document.createElement("iframe");
    picture.src = "/mirror";
    picture.id = "picture";
    picture.style.cssText = "position:fixed;inset:0;width:390px;height:800px;z-index:9999";
    const ready = new Promise<void>((resolve) => window.addEventListener("message", ({ data }) => ((data as { type: string }).type === "ready" ? resolve() : undefined)));
    document.body.append(picture);
    await ready;
    const { buffer } = Uint8Array.from(bytes);
    picture.contentWindow?.postMessage({ type: "frame", frame: buffer }, location.origin, [buffer]);
  }, [...(frame ?? [])]);
  const drawn = page.frameLocator("#picture").frameLocator("iframe");
  await expect(drawn.getByText("Settings")).toBeVisible();
  await drawn.locator("a, button").first().click({ force: true, timeout: 2_000 }).catch(() => undefined); // it is out of reach, too
  await expect(drawn.getByText("Settings")).toBeVisible();
  expect(foreign).toEqual([]);
});
