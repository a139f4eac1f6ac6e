import { expect, type Page, test } from "@playwright/test";
import type { router } from "../src/shell/router";
import { canaries, ids, inhabit } from "./canary";
import { labOf } from "./lab/build";
import { shownOn } from "./shown";
import { faults, leaks, legible, unpacked } from "./wire";

// Every screen that a customer has, in both languages, with whatever can be opened there, in a home full of canaries: none of
// them may be in what leaves the page. The cloud is played; the app, its recorder and what packs its frames are as built.

test.setTimeout(240_000);
test.use({ serviceWorkers: "block", actionTimeout: 20_000, contextOptions: { reducedMotion: "reduce" } });

type Path = keyof (typeof router)["routesByPath"];

/** Every route has a line here, or the build fails: addresses to look at, or why nobody is mirrored there. */
const screens: Record<Path, string[] | "door" | "staff"> = {
  "/": ["/"],
  "/person/$id": [`/person/${ids.person}`],
  "/device/$id": [`/device/${ids.device}`, `/device/${ids.tv}`],
  "/hours/$kind/$id": [`/hours/person/${ids.person}`, `/hours/device/${ids.tv}`],
  "/tv": ["/tv"],
  "/activity": ["/activity"],
  "/settings": ["/settings"],
  "/members": ["/members"],
  "/help": ["/help"],
  "/help/case/$case": [`/help/case/${ids.case}`],
  "/help/guide/$guide": ["/help/guide/tv-freezes", "/help/guide/child-hours"],
  "/sign-in": "door",
  "/join": "door",
  "/enter": "door",
  "/forgot": "door",
  "/reset": "door",
  "/support": "staff",
  "/field": "staff",
  "/field/": "staff",
  "/field/visit/$visit/$step": "staff",
};
const visited = Object.values(screens).flatMap((paths) => (Array.isArray(paths) ? paths : []));

const typed = "Zwtypedbykeys";
const most = 30; // things to press on a screen, of each kind two

type Sent = Awaited<ReturnType<typeof inhabit>>;

let beacons = 0;

/** Waits until all that has happened in the page so far has left it. Time is made to pass, so that nothing waits for a clock. */
async function settled(page: Page, sent: Sent) {
  const beacon = `beacon-${String(++beacons)}`;
  await page.evaluate((name) => document.body.classList.add(name), beacon);
  const from = sent.frames.length;
  await expect.poll(async () => {
    await page.clock.fastForward(2_000);
    return JSON.stringify(await unpacked(sent.frames.slice(from)).catch(() => ""));
  }, { timeout: 30_000, intervals: [20, 50, 100] }).toContain(beacon);
  const there = await page.evaluate((all) => all.filter((one) => document.documentElement.outerHTML.includes(one)), canaries);
  for (const canary of there) sent.there.add(canary);
}

/** Presses one thing of the screen, the n-th; answers whether there is one. */
const press = (page: Page, { n, inside }: { n: number; inside: string }) =>
  page.evaluate(({ n, inside, most }) => {
    const kinds = new Map<string, number>();
    const things = [...document.querySelectorAll<HTMLElement>(`${inside} :is(button, summary, select, input:not([type=file]), textarea, [role=tab])`)].filter((thing) => {
      const kind = `${thing.tagName}${thing.className}${thing.closest("section,article,form")?.className ?? ""}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      return (kinds.get(kind) ?? 0) <= 2 && thing.offsetParent !== null && !thing.closest("[data-visit], [data-private]") && !thing.matches(":disabled");
    });
    const thing = things[n];
    if (!thing || n >= most) return null;
    thing.focus();
    if (thing.matches("select")) {
      const list = thing as HTMLSelectElement;
      list.selectedIndex = list.options.length - 1;
      list.dispatchEvent(new Event("change", { bubbles: true }));
    } else thing.click();
    return thing.matches("textarea, input:not([type=checkbox], [type=radio], [type=date], [type=time])") ? "types" : "pressed";
  }, { n, inside, most });

async function tryAll(page: Page, sent: Sent, path: string) {
  for (let n = 0; ; n++) {
    const done = await press(page, { n, inside: "main" });
    if (!done) return settled(page, sent);
    if (done === "types") await page.keyboard.type(typed);
    await page.clock.fastForward(500);
    if (await isOpen(page)) await tryDialog(page, sent);
    if (new URL(page.url()).pathname !== path || (await isOpen(page))) await open(page, sent, path);
  }
}

const isOpen = async (page: Page) => (await page.locator("[role=dialog]").count()) > 0;

/** Presses and fills what is in a dialog, and closes it. */
async function tryDialog(page: Page, sent: Sent) {
  sent.dialogs += 1;
  await settled(page, sent);
  for (let n = 0; n < 12 && (await isOpen(page)); n++) {
    const kind = await press(page, { n, inside: "[role=dialog]" });
    if (!kind) break;
    if (kind === "types") await page.keyboard.type(typed);
  }
  await settled(page, sent);
  for (let n = 0; n < 3 && (await isOpen(page)); n++) {
    await page.keyboard.press("Escape");
    await page.clock.fastForward(500);
  }
}

async function open(page: Page, sent: Sent, path: string) {
  await page.goto(`${path}?zkquery=${typed}#${typed}`);
  await expect(page.locator("main :is(h1, h2, h3)").first()).toBeVisible();
  await settled(page, sent);
}

/** All that is said in frames, each text once: there is far too much of the rest. */
function words(events: unknown[]): string {
  const found = new Set<string>();
  JSON.stringify(events, (key, value: unknown) => {
    found.add(key);
    if (typeof value === "string") found.add(value);
    return value;
  });
  return [...found].join("\n");
}

/** What was sent says nothing of anybody; answers its events. */
async function innocent(sent: Sent, shown: Set<string>) {
  const events = (await unpacked(sent.frames)).flatMap((frame) => frame.events);
  expect([...sent.missing]).toEqual([]); // every screen had what it asked for
  expect(leaks(words(events) + sent.texts.join("\n"), [...canaries, typed])).toEqual([]);
  expect(leaks([...shown].join("\n"), canaries)).toEqual([]);
  expect(faults(events, [...shown])).toEqual([]);
  return events;
}

for (const locale of ["en-GB", "fr-FR"]) {
  test.describe(locale, () => {
    test.use({ locale });

    test("no screen and nothing that can be opened lets out whose home it is", async ({ page }) => {
      const shown = await shownOn(page);
      await page.clock.install();
      const sent = await inhabit(page);
      for (const path of visited) {
        await open(page, sent, path);
        await tryAll(page, sent, path);
      }
      const events = await innocent(sent, shown);
      expect(legible(events).texts.size).toBeGreaterThan(150); // there was something to see
      expect(sent.dialogs).toBeGreaterThan(12);
      expect(sent.there.size).toBeGreaterThan(45); // canaries on the screens
    });
  });
}

test("a child's screens do not either; and a recorder that does less would be found out", async ({ page }) => {
  const shown = await shownOn(page);
  await page.clock.install();
  const sent = await inhabit(page, { child: true });
  for (const path of ["/help", "/activity", "/"]) {
    await open(page, sent, path);
    await tryAll(page, sent, path);
  }
  await innocent(sent, shown);
  const { script } = await labOf("unscrubbed");
  await page.evaluate(script);
  await page.waitForFunction(() => "lab" in window);
  await page.evaluate(() => window.lab.start());
  const frames = () => page.evaluate(() => window.lab.frames);
  await expect.poll(async () => {
    await page.clock.fastForward(2_000);
    return (await frames()).length;
  }).toBeGreaterThan(0);
  const events = (await unpacked((await frames()).map((frame) => Buffer.from(frame, "base64")))).flatMap((frame) => frame.events);
  expect(leaks(words(events), [...canaries, typed]).length).toBeGreaterThan(3);
  expect(faults(events, [...shown]).length).toBeGreaterThan(3);
});

/** Everything that waits for time, or to be packed, has had its turn. */
async function turn(page: Page) {
  for (let n = 0; n < 3; n++) {
    await page.clock.fastForward(12_000);
    await page.evaluate(() => new Response(new Blob(["x"]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer().then(() => 0));
  }
}

test("who may not see gets nothing: no recorder is loaded, no line is opened", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.clock.install();
  const sent = await inhabit(page, { scopes: ["diagnose", "change"] });
  for (const path of ["/", "/settings", ...Object.entries(screens).flatMap(([path, why]) => (why === "door" ? [path] : []))]) {
    await page.goto(path);
    await expect(page.locator(":is(h1, h2, h3, [data-visit])").first()).toBeVisible();
    await turn(page);
  }
  expect(asked.filter((url) => /assets\/.*\.js/.test(url)).length).toBeGreaterThan(3);
  expect(asked.filter((url) => /assets\/Screen-|\/mirror/.test(url))).toEqual([]);
  expect(sent.sockets).toEqual([]);
});

test("when it is over nothing follows", async ({ page }) => {
  await page.clock.install();
  const sent = await inhabit(page);
  await open(page, sent, "/");
  const socket = sent.sockets.at(-1);
  socket?.send('{"type":"over","code":"ended"}');
  await socket?.close({ code: 4001 });
  await turn(page); // what was on its way when the page heard of it
  const [frames, texts, sockets] = [sent.frames.length, sent.texts.length, sent.sockets.length];
  for (const name of ["Activity", "TV & video", "Home"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await turn(page);
  }
  await expect(page.locator("main :is(h1, h2, h3)").first()).toBeVisible();
  expect([sent.frames.length, sent.texts.length, sent.sockets.length]).toEqual([frames, texts, sockets]);
});

test("a line that breaks, as when a server dies, comes back with a whole picture", async ({ page }) => {
  await page.clock.install();
  const sent = await inhabit(page);
  await open(page, sent, "/");
  const [from, before] = [sent.frames.length, sent.sockets.length];
  await sent.sockets.at(-1)?.close({ code: 1011 });
  await expect.poll(async () => {
    await page.clock.fastForward(300); // less than a line may take to open
    return (await unpacked(sent.frames.slice(from))).length;
  }, { timeout: 60_000, intervals: [100] }).toBeGreaterThan(0);
  const [first] = await unpacked(sent.frames.slice(from));
  expect(sent.sockets.length).toBeGreaterThan(before);
  expect(first?.head).toMatchObject({ kind: 1, epoch: 1, seq: 0 }); // nothing that could be taken for what came before
  expect(first?.head.generation).toBeGreaterThan(before);
  expect(legible(first?.events ?? []).texts.size).toBeGreaterThan(5);
});
