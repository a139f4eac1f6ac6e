import { expect, type Page, test } from "@playwright/test";
import { openLab } from "./lab/build";
import type { Chaos } from "./lab/chaos";
import type { Lab } from "./lab/lab";

// What becomes of a picture whose frames are lost, repeated, late or evil, or whose sender has another clock.

declare const window: Window & { lab: Lab; chaos: Chaos; random: () => number };


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

test("what is evil in a stream costs little, and the next picture is drawn", async ({ page }) => {
  await openLab(page, "product");
  const told = await page.evaluate(async () => {
    const { pack, encode, encodeKey, Player } = window.lab;
    const stage = document.createElement("div");
    document.body.append(stage);
    let wants = 0;
    const player = new Player(stage, { want: () => (wants += 1), applied: () => undefined, sized: () => undefined });
    const text = (textContent: string, id = 9) => ({ type: 3, id, textContent });
    const element = (tagName: string, id: number, ...childNodes: object[]) => ({ type: 2, id, tagName, attributes: {}, childNodes });
    const events = (...inside: object[]) => [
      { type: 4, timestamp: 1, data: { href: "https://house.example", width: 390, height: 844 } },
      { type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: [element("html", 2, element("head", 3), element("body", 4, ...inside))] }, initialOffset: { top: 0, left: 0 } } },
    ];
    let epoch = 0;
    const key = async (value: unknown) => {
      for (const frame of encodeKey(await pack(value), { generation: 1, epoch: ++epoch }) ?? []) player.accept(frame);
      await player.settled();
      return player.at.seq;
    };
    const drawn = () => player.iframe?.contentDocument?.body.textContent ?? "";
    const seen: [string, number, string][] = [];
    const look = async (what: string, value: unknown) => seen.push([what, await key(value), drawn()]);
    await look("good", events(text("Settings")));
    await look("bomb", `[${" ".repeat(9_000_000)}]`);
    await look("many", events(...Array.from({ length: 40_000 }, (_, n) => text("x", n + 10))));
    let deep: object = text("x");
    for (let n = 0; n < 5_000; n++) deep = element("div", n + 10, deep);
    await look("deep", events(deep));
    await look("list", Array.from({ length: 3_000 }, () => ({})));
    await look("nothing", null);
    await look("good again", events(text("Home")));
    const before = wants;
    // No key frame ever comes again, and changes do not end: the picture is given up before it is too heavy, and asked for anew.
    const many = await pack(Array.from({ length: 1_000 }, (_, n) => ({ type: 3, timestamp: 1, data: { source: 3, id: 4, x: 0, y: n } })));
    let most = 0;
    for (let seq = 1; seq <= 40; seq++) {
      player.accept(encode({ kind: 2, part: 0, parts: 1, generation: 1, epoch, seq }, many));
      await player.settled();
      most = Math.max(most, player.at.seq);
    }
    seen.push(["endless", player.at.seq, drawn()]);
    await look("and again", events(text("Settings")));
    return { seen, wants, most, asked: wants - before, frames: document.querySelectorAll(".replayer-wrapper").length };
  });
  const lost = (what: string, shown: string) => [what, -1, shown];
  expect(told.seen).toEqual([
    ["good", 0, "Settings"], lost("bomb", "Settings"), lost("many", "Settings"), lost("deep", "Settings"), lost("list", "Settings"),
    lost("nothing", "Settings"), ["good again", 0, "Home"], lost("endless", ""), ["and again", 0, "Settings"],
  ]);
  expect(told.most).toBeLessThanOrEqual(10); // a picture of ten thousand events is the heaviest
  expect(told.asked).toBeGreaterThan(5);
  expect(told.frames).toBe(1); // what was given up is gone from the page
});

for (const days of [-1, 1]) {
  test(`a customer whose clock is ${String(days)} day off is seen as soon as any other`, async ({ page, context }) => {
    await page.clock.install({ time: Date.now() + days * 86_400_000 });
    await openLab(page, "product");
    const agent = await context.newPage();
    await openLab(agent, "product");
    await agent.evaluate(() => {
      const player = new window.lab.Player(document.body, { want: () => undefined, applied: () => undefined, sized: () => undefined });
      Object.assign(window, { player });
    });
    await page.evaluate(() => {
      document.body.innerHTML = "<h1>Settings</h1>";
      window.lab.start();
    });
    const carry = async () => {
      const frames = await page.evaluate(() => window.lab.frames.splice(0));
      return agent.evaluate(async (frames) => {
        const { player } = window as unknown as { player: InstanceType<Lab["Player"]> };
        for (const frame of frames) player.accept(Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0)));
        await player.settled();
        return player.iframe?.contentDocument?.body.textContent;
      }, frames);
    };
    await expect.poll(carry).toBe("Settings");
    await page.evaluate(() => (document.querySelector("h1") ?? document.body).replaceChildren("Home"));
    await expect.poll(carry).toBe("Home");
  });
}

test("a hundred recorders come and go, and nothing of them stays", async ({ page }) => {
  await page.addInitScript(() => {
    const live = { listeners: new Set<string>(), observers: new Set<MutationObserver>(), timers: new Set<number>() };
    const names = new WeakMap<object, number>();
    let last = 0;
    const nameOf = (one: unknown) => {
      if (typeof one !== "object" && typeof one !== "function") return "";
      if (one === null) return "";
      names.set(one, names.get(one) ?? ++last);
      return String(names.get(one));
    };
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    const line = (target: unknown, type: string, listener: unknown, options: unknown) =>
      [nameOf(target), type, nameOf(listener), typeof options === "object" && options ? (options as { capture?: boolean }).capture === true : options === true].join();
    EventTarget.prototype.addEventListener = function (type, listener, options) {
      if (this === window || this instanceof Node) live.listeners.add(line(this, type, listener, options));
      add.call(this, type, listener, options);
    };
    EventTarget.prototype.removeEventListener = function (type, listener, options) {
      live.listeners.delete(line(this, type, listener, options));
      remove.call(this, type, listener, options);
    };
    const { observe, disconnect } = MutationObserver.prototype;
    MutationObserver.prototype.observe = function (target, options) {
      live.observers.add(this);
      observe.call(this, target, options);
    };
    MutationObserver.prototype.disconnect = function () {
      live.observers.delete(this);
      disconnect.call(this);
    };
    const { setInterval: set, clearInterval: clear } = window;
    window.setInterval = ((...all: Parameters<typeof set>) => {
      const timer = set(...all) as unknown as number;
      live.timers.add(timer);
      return timer;
    }) as typeof set;
    window.clearInterval = (timer) => {
      live.timers.delete(timer as unknown as number);
      clear(timer);
    };
    const count = () => ({ listeners: live.listeners.size, observers: live.observers.size, timers: live.timers.size });
    Object.assign(window, { count });
  });
  await openLab(page, "product");
  await page.evaluate(() => window.lab.show());
  await expect(page.getByRole("heading", { name: "Settings" })).toBeAttached();
  await page.evaluate(() => document.querySelectorAll("iframe").forEach((frame) => frame.remove())); // a screen of ours has none that is looked into
  const count = () => page.evaluate(() => (window as unknown as { count: () => object }).count());
  const devtools = await page.context().newCDPSession(page);
  const heap = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    return Math.round((await devtools.send("Runtime.getHeapUsage")).usedSize / 1024);
  };
  const cycles = (times: number) => page.evaluate((times) => {
    for (let n = 0; n < times; n++) {
      window.lab.start(n + 1);
      window.lab.stop();
    }
  }, times);
  await cycles(1); // what is made once
  const [before, kilobytes] = [await count(), await heap()];
  await page.evaluate(() => window.lab.start());
  expect(await count()).not.toEqual(before); // a recorder is seen in these numbers
  await page.evaluate(() => window.lab.stop());
  await cycles(100);
  expect(await count()).toEqual(before);
  console.log(`heap before and after a hundred recorders: ${String(kilobytes)} and ${String(await heap())} KB`);
  // Nothing is told after the last: a recorder that lives shows when one could have been.
  await page.evaluate(() => {
    window.lab.frames.length = 0;
    document.body.className = "after";
    window.lab.start(1000);
  });
  await expect.poll(async () => (await page.evaluate(() => window.lab.frames)).length).toBeGreaterThan(0);
  const heads = await page.evaluate(() => window.lab.frames.map((frame) => [...atob(frame)].slice(4, 8).map((byte) => byte.charCodeAt(0))));
  expect([...new Set(heads.map(([, , high = 0, low = 0]) => high * 256 + low))]).toEqual([1000]);
});
