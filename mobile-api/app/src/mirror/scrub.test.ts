import { describe, expect, it } from "vitest";
import { attributes, properties } from "virtual:vocabulary";
import { sheets } from "../../vocabulary.mjs";
import { publicTexts } from "./public";
import { hidden, scrub } from "./scrub";
import type { Vocabulary } from "./attribute";
import { ownSheet, plainSheet } from "./sheet";
import { plainStyle } from "./style";

const known: Vocabulary = {
  attributes: new Map(Object.entries(attributes).map(([name, values]) => [name, new Set(values)])),
  properties: new Set(properties),
  isPublic: (text) => ["Settings", "Pause"].includes(text.trim()),
};

const full = (node: unknown) => ({ type: 2, timestamp: 1, data: { node, initialOffset: { top: 0, left: 0 } } });
const page = (...childNodes: unknown[]) => full({ type: 0, id: 1, childNodes });
const element = (tagName: string, attributes: object, ...childNodes: unknown[]) => ({ type: 2, id: 2, tagName, attributes, childNodes });
const text = (textContent: string) => ({ type: 3, id: 3, textContent });
const nothing = { source: 0, texts: [], attributes: [], removes: [], adds: [] };
const mutation = (data: object) => ({ type: 3, timestamp: 1, data: { ...nothing, ...data } });
const wire = (event: unknown) => JSON.stringify(scrub(event, known));

describe("what the sheets know", () => {
  it("has the names that the sheets select on, and none that carries a text", () => {
    expect(Object.keys(attributes)).toContain("data-disabled");
    expect(attributes["data-variant"]).toContain("filled");
    const texts = "id for name value title alt placeholder aria-label href src data-label".split(" ");
    for (const name of texts) expect(attributes).not.toHaveProperty(name);
    expect(properties.length).toBeGreaterThan(100);
    expect(properties).toContain("--mantine-color-brand-filled"); // chosen by style attributes alone
  });

  it("takes from a catalogue only what is the same for everybody", () => {
    expect([...publicTexts({ a: { b: "Settings", c: "{{name}} is paused", d: "1" }, e: " Pause " })]).toEqual(["Settings", "Pause"]);
  });
});

describe("texts", () => {
  it("leaves the whole text of a catalogue and hides every other without its length", () => {
    expect(wire(page(element("p", {}, text("Settings"), text("Léo"), text("Settings Léo"))))).toBe(
      wire(page(element("p", {}, text("Settings"), text("Maximilian"), text("x")))),
    );
    expect(wire(page(text("Settings")))).toContain("Settings");
    expect(wire(mutation({ texts: [{ id: 3, value: "Léo" }] }))).toContain(hidden);
    expect(wire(mutation({ texts: [{ id: 3, value: "Léo" }] }))).not.toContain("Léo");
  });

  it("keeps nothing of comments, options, textareas, titles, iframes and what it does not know", () => {
    for (const tag of ["option", "textarea", "title", "iframe", "script", "noscript", "meta", "base", "object", "x-secret", "template", "datalist"]) {
      const said = wire(page(element(tag, { srcdoc: "secret", content: "secret", class: "secret" }, text("Settings"))));
      expect(said, tag).not.toMatch(/secret|Settings/);
    }
    expect(wire(page({ type: 5, id: 3, textContent: "secret" }))).not.toContain("secret");
    expect(wire(page({ type: 1, id: 3, name: "secret", publicId: "secret", systemId: "secret" }))).not.toContain("secret");
  });

  it("says nothing of what is inside a frame, which the picture would take for the page itself", () => {
    const inside = { type: 0, id: 9, childNodes: [element("p", {}, text("Settings"))] };
    const added = (node: object) => ({ adds: [{ parentId: 2, nextId: null, node }] });
    expect(scrub(mutation(added(inside)), known)).toBeNull();
    expect(wire(mutation(added(element("p", {}, text("Settings")))))).toContain("Settings");
  });

  it("says of an input that something was typed, and no more", () => {
    const input = (value: string) =>
      wire({ type: 3, timestamp: 1, data: { source: 5, id: 4, text: value, isChecked: false, secret: value } });
    expect(input("a")).toBe(input("a much longer one"));
    expect(input("a")).not.toBe(input(""));
    expect(wire(page(element("input", { value: "secret", type: "password" })))).not.toContain("secret");
    expect(wire(page(element("input", { value: hidden })))).toContain(hidden);
    expect(wire(page(element("input", { rr_scrollLeft: 20, rr_scrollTop: 5 })))).toBe(wire(page(element("input", {}))));
    expect(wire(page(element("div", { rr_scrollTop: 5 })))).toContain("rr_scrollTop");
  });
});

describe("attributes", () => {
  it("leaves none but those that the sheets select on and a few of drawing", () => {
    const secret = Object.fromEntries(
      ["id", "for", "name", "value", "title", "alt", "placeholder", "aria-label", "data-label", "data-secret", "onclick", "srcset", "src", "action", "data-variant",
        "data-position", "fill", "width", "type", "rel", "dir", "xmlns", "viewBox", "rr_dataURL", "rr_src", "_cssText", "nonce"].map((name) => [name, "secret"]),
    );
    expect(wire(page(element("div", secret)))).not.toContain("secret");
    expect(wire(mutation({ attributes: [{ id: 2, attributes: secret }] }))).not.toContain("secret");
    expect(wire(page(element("button", { "data-variant": "filled", "data-disabled": "true", class: "m_77c9d27d mantine-Button-root" })))).toContain("filled");
  });

  it("lets no address through but those of our own sheets", () => {
    const link = (href: string) => wire(page(element("link", { rel: "stylesheet", href })));
    expect(link("/assets/main-1a.css")).toContain("main-1a.css");
    expect(link("https://house.example/assets/main-1a.css")).toContain('"/assets/main-1a.css"');
    for (const bad of ["/assets/x.css?token", "/assets/../x.css", "https://evil.example/x.css", "javascript:1", "//evil/assets/x.css", "/assets/x.css#t", "data:text/css,x"]) {
      expect(link(bad), bad).not.toContain("href");
    }
    expect(wire({ type: 4, timestamp: 1, data: { href: "https://house.example/join?x#secret", width: 390, height: 844 } })).toContain('"https://house.example"');
    expect(wire({ type: 4, timestamp: 1, data: { href: "javascript:secret", width: 390, height: 844 } })).not.toContain("secret");
  });

  it("drops a change of which nothing is left", () => {
    expect(scrub(mutation({ attributes: [{ id: 2, attributes: { name: null, id: "x" } }] }), known)).toBeNull();
  });

  it("drops the long path of a code to be scanned", () => {
    expect(wire(page(element("path", { d: "M0 0h7v1H0z".repeat(100) })))).not.toContain("M0");
    expect(wire(page(element("path", { d: "M5 12l14 0" })))).toContain("M5");
  });
});

describe("styles", () => {
  const plain = (style: string) => plainStyle(style, known.properties);
  it("keeps places, sizes and colours", () => {
    expect(plain("top: 12.5%; --button-bg: var(--mantine-color-blue-6); color: #1b1f24; transform: translateY(-3px) scale(1.2)")).toBe(
      "top: 12.5%; --button-bg: var(--mantine-color-blue-6); color: #1b1f24; transform: translateY(-3px) scale(1.2);",
    );
  });
  it("keeps no address, no text, no property and no word that is not known", () => {
    const bad = ["background: url(https://evil.example/x)", "--secret: 1", "--button-bg: Marie", "color: Marie", "content: 'Marie'", "font-family: Marie",
      "grid-area: Marie", "width: expression(1)", "background-image: image-set('x')", "left: calc(1px + var(--secret))", "top: 1secret", "color: \\75rl(x)"];
    for (const style of bad) expect(plain(style), style).toBe("");
    expect(wire(mutation({ attributes: [{ id: 2, attributes: { style: { color: "red-secret", top: "1px", left: ["2px", "important"], width: false } } }] }))).toBe(
      wire(mutation({ attributes: [{ id: 2, attributes: { style: { top: "1px", left: ["2px", "important"], width: false } } }] })),
    );
  });
  it("keeps of a sheet in the page the library's own rules", () => {
    const sheet = (text: string) => plainSheet(text, known.properties);
    const whole = '.__m__-r1{display: flex;}@media (max-width: 48em){.__m__-r1{top: 1px;}}:root[data-mantine-color-scheme="dark"]{color: #fff;}';
    expect(sheet(whole)).toBe(whole);
    expect(sheet('.__m__-r1{content:"Marie";top:1px}')).toBe(".__m__-r1{top: 1px;}");
    expect(sheet(".marie{top:1px}@media print{.__m__-r1{top:1px}}")).toBe("@media not all{.__m__-r1{top: 1px;}}");
    for (const bad of ["@import 'x';", ".__m__-r1{background:url(x)}", "</style>", ".__m__-r1{color:\\72 ed}", "}}{", "marie", '[title="marie"]{top:1px}']) {
      expect(sheet(bad), bad).toBe("");
    }
  });
});

describe("sheets of our own build", () => {
  const sheet = (text: string) => ownSheet(text, known);
  it("keep what places and colours", () => {
    const whole =
      '.Card_1a:where([data-disabled]):not(:hover)>h3::before,:root[data-mantine-color-scheme="dark"] ._b{top: 1px; content: ""; grid-row: 1 / -1;}' +
      "@media (max-width:639px) and (hover:hover){.a li:nth-child(2n+1){color: #fff;}}";
    expect(sheet(whole)).toBe(whole);
    expect(sheet(sheet(whole))).toBe(whole);
  });
  it("keep no address, no text, no name and no value that a page could have made up", () => {
    const bad = [
      "@import 'x';", ".a{background:url(x)}", ".a{content:'Marie'}", '.a[title="marie"]{top:1px}', '[data-variant="marie"]{top:1px}', "#marie{top:1px}",
      "marie{top:1px}", ".a:marie{top:1px}", ".a:lang(marie){top:1px}", "::part(marie){top:1px}", ".a{--marie:1px}", ".a{font-family:Marie}",
      "@font-face{font-family:Marie;src:url(x)}", "@media marie{}", ".a{color:\\72 ed}", ".a\\6d arie{top:1px}", "}}{", "</style>", `.a{top:1px}${" ".repeat(600_000)}`,
    ];
    for (const one of bad) expect(sheet(one), one.slice(0, 60)).not.toMatch(/marie|url|\{.*[a-z]/i);
    expect(sheet("@media marie{.a{top:1px}}@keyframes marie{from{top:1px}}")).toBe("@media not all{.a{top: 1px;}}");
  });
  it("keep nearly all of what the app and its library have", () => {
    const texts = sheets().filter((text) => !/&/.test(text)); // as a browser gives them: not nested
    const rules = (text: string) => (text.match(/\{[^{}]+\}/g) ?? []).length;
    const sum = (counts: number[]) => counts.reduce((all, one) => all + one, 0);
    // What is left out moves, or changes the mouse.
    expect(sum(texts.map((text) => rules(sheet(text)))) / sum(texts.map(rules))).toBeGreaterThan(0.75);
  });
  it("leave as an attribute of a link, also where it was not there yet", () => {
    const text = ".a{top: 1px;}.b{background: url(x)}";
    expect(wire(page(element("link", { _cssText: text })))).toContain('"_cssText":".a{top: 1px;}"');
    expect(wire(mutation({ attributes: [{ id: 2, attributes: { _cssText: text } }] }))).toContain('"_cssText":".a{top: 1px;}"');
    expect(wire(page(element("div", { _cssText: text })))).not.toContain("_cssText");
  });
});

describe("what is not looked into", () => {
  it("has its place and size, is hatched, and holds nothing", () => {
    const blocked = wire(page(element("div", { class: "card", rr_width: "10px", rr_height: "20px", title: "secret" }, text("Settings"))));
    expect(blocked).toContain('"attributes":{"class":"card mirror-unseen","rr_width":"10px","rr_height":"20px"},"childNodes":[]');
  });
});

describe("anything at all", () => {
  // mulberry32: the same inputs in each run.
  const chance = (seed: number) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const marker = "s3cr3t";
  const keys = (
    "type data node id tagName attributes childNodes textContent source adds texts removes positions parentId nextId value style class href x y " +
    "text isChecked timestamp initialOffset top left width height _cssText secret"
  ).split(" ");
  const leaves = (random: () => number): unknown =>
    [0, 1, 2, 3, 4, 5, -1, 1e308, NaN, null, true, false, undefined, "", marker, `a ${marker} b`, "Settings", "div", "input", "style", `url(${marker})`, "filled"][
      Math.floor(random() * 22)
    ];
  const value = (random: () => number, depth: number): unknown => {
    if (depth > 5 || random() < 0.3) return leaves(random);
    if (random() < 0.3) return Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth + 1));
    const pair = () => [keys[Math.floor(random() * keys.length)], value(random, depth + 1)];
    return Object.fromEntries(Array.from({ length: Math.floor(random() * 9) }, pair));
  };
  /** An event that is nearly right: what is right leaves, so that what is wrong gets far. */
  const nearly = (random: () => number): unknown => {
    const grow = (depth: number): unknown => {
      if (random() < 0.05) return value(random, 3);
      const kind = random();
      if (depth > 4 || kind < 0.3) return { type: 3, id: 1, textContent: leaves(random) };
      const names = ["class", "style", "title", "data-variant", "fill", "d", "href", "value", "_cssText", marker];
      const some = Object.fromEntries(Array.from({ length: 4 }, () => [names[Math.floor(random() * names.length)], leaves(random)]));
      const childNodes = Array.from({ length: 3 }, () => grow(depth + 1));
      return { type: 2, id: 1, tagName: leaves(random), attributes: some, childNodes, secret: marker };
    };
    if (random() < 0.5) return page(grow(0));
    return mutation({
      adds: [{ parentId: 1, nextId: null, node: grow(2) }], texts: [{ id: 1, value: leaves(random) }],
      attributes: [{ id: 1, attributes: { style: leaves(random), [marker]: marker } }],
    });
  };

  it("never throws and never says what it does not know", () => {
    const random = chance(20261122);
    let passed = 0;
    for (let i = 0; i < 8_000; i++) {
      const event = i % 2 === 0 ? value(random, 0) : nearly(random);
      const before = JSON.stringify(event);
      const left = scrub(event, known);
      expect(JSON.stringify(event)).toBe(before);
      if (!left) continue;
      passed += 1;
      // A class may be any word, as sheets of modules make them up; nothing else may.
      const said = JSON.stringify(left, (key, one: unknown) => (key === "class" ? undefined : one));
      expect(said).not.toContain(marker);
      expect(scrub(left, known)).toEqual(left);
    }
    expect(passed).toBeGreaterThan(800);
  }, 60_000);

  it("gives up on what is too much", () => {
    let deep: unknown = text("x");
    for (let i = 0; i < 1000; i++) deep = element("div", {}, deep);
    expect(scrub(page(deep), known)).toBeNull();
    expect(scrub(page(...Array.from({ length: 20_001 }, () => text("x"))), known)).toBeNull();
  });
});
