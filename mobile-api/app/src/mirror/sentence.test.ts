import { describe, expect, it } from "vitest";
import en from "../i18n/en";
import fr from "../i18n/fr";
import { typesetAll } from "../i18n/typeset";
import { speechOf, strings } from "./public";
import { hidden } from "./scrub";
import { sentencesOf } from "./sentence";

const catalogues = { en: en as unknown, fr: typesetAll(fr) as unknown };
const place = /\{\{[^{}]*\}\}/g;

// mulberry32: the same inputs in each run.
const chance = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** Every four letters in a row. */
const pieces = (text: string) =>
  Array.from({ length: Math.max(0, text.length - 3) }, (_, at) => text.slice(at, at + 4)).filter((piece) => !piece.includes("•"));

describe("sentences with values", () => {
  it("say their own words and no value, in both languages", () => {
    const [english, french] = [speechOf(catalogues.en), speechOf(catalogues.fr)];
    expect(english.say("Online until 18:30")).toBe("Online until •••");
    expect(english.say("Paused until 18:30 · by Léa")).toBe("Paused until ••• · by •••");
    expect(english.say("The box is fine · 7 devices connected")).toBe("The box is fine · ••• devices connected");
    expect(english.say("The box is fine · 1 device connected")).toBe("The box is fine · ••• device connected");
    expect(english.say("Léa asks for 30 more minutes")).toBe("••• asks for ••• more minutes");
    expect(french.say("En ligne jusqu’à 18:30")).toBe(french.say("En ligne jusqu’à 7 h"));
    for (const speech of [english, french]) expect(speech.say("Léa")).toBe(hidden);
  });

  it("never say how long a value is, nor whether there is one", () => {
    const { mask } = sentencesOf(["{{name}} is paused until {{time}}."]);
    for (const name of ["", "Léa", " ", "x".repeat(1_900), "a\nb", "{{time}}", hidden]) {
      for (const time of ["", "18:30", "is paused until"]) expect(mask(`${name} is paused until ${time}.`)).toBe("••• is paused until •••.");
    }
  });

  it("are whole: nothing before, nothing after, no part missing, none twice", () => {
    const { mask } = sentencesOf(["Until {{time}} with {{name}} here"]);
    expect(mask("Until 7 with Léa here")).toBe("Until ••• with ••• here");
    expect(mask("  Until 7 with Léa here\n")).toBe("Until ••• with ••• here");
    for (const text of ["until 7 with Léa here", "Secret: Until 7 with Léa here", "Until 7 with Léa here!", "Until 7", "Until 7 Léa here", "Until with here"]) {
      expect(mask(text), text).toBeNull();
    }
    expect(mask(`Until ${"7".repeat(2_000)} with Léa here`)).toBeNull();
    expect(sentencesOf(["Until {{time}} until"]).mask("Until until")).toBeNull(); // a letter is not counted twice
  });

  it("are the most telling of those that fit", () => {
    const { mask } = sentencesOf(["Paused until {{time}}", "Paused until {{time}} · by {{name}}", "{{what}} · by {{name}}"]);
    expect(mask("Paused until 18:30 · by Léa")).toBe("Paused until ••• · by •••");
  });

  it("are none with too few words of their own: any text might look like them", () => {
    const few = ["{{a}} – {{b}}", "{{n}}\u00a0%", "{{device}}: {{state}}", "{{name}}", "{{name}} {{what}}", "{{n}} min", "by {{name}}", "{{a}} de la {{b}}", "Wi-Fi {{band}}", "· {{a}}", "{{a}} de {{b}}", "$t(x) until {{a}}"];
    const { mask, forms } = sentencesOf(few);
    expect([...forms]).toEqual([]);
    expect(sentencesOf(["{{n}} of {{all}} on Wi-Fi"]).mask("2 of 3 on Wi-Fi")).toBe("••• of ••• on Wi-Fi");
    for (const text of ["a – b", "7\u00a0%", "Léa: Online", "7 min", "rue de Paris"]) expect(mask(text)).toBeNull();
  });

  it("stay hidden where a page has cut them", () => {
    const { say } = speechOf(catalogues.en);
    for (const part of ["Online until", "02:00:00:", "7", "18:30", " · by "]) expect(say(part), part).toBe(hidden);
  });
});

describe("anything at all in a value", () => {
  for (const [language, catalogue] of Object.entries(catalogues)) {
    const texts = strings(catalogue);
    const templates = texts.filter((text) => text.includes("{{"));
    const literals = texts.map((text) => text.replace(place, "\0"));
    const forms = new Set(templates.map((text) => text.trim().replace(place, hidden)));
    const { say, isPublic } = speechOf(catalogue);
    const letters = "aZ09éœ:·–“' \u00a0\n•{}$(%-日🙂";
    const secretOf = (random: () => number) => {
      const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
      if (random() < 0.2) return pick(templates).slice(0, Math.floor(random() * 30)); // what looks like a sentence itself
      if (random() < 0.2) return `${pick(texts)}${pick(["", " ", "!", "Léa"])}`;
      return Array.from({ length: Math.floor(random() * 24) }, () => pick([...letters])).join("");
    };

    it(`never comes out: no four letters in a row but those that the catalogue has (${language})`, () => {
      const random = chance(20261123);
      let legible = 0;
      for (let i = 0; i < 12_000; i++) {
        const secrets: string[] = [];
        const text = i % 5 === 0 ? secretOf(random) : (templates[i % templates.length] ?? "").replace(place, () => {
          secrets.push(secretOf(random));
          return secrets.at(-1) ?? "";
        });
        const said = say(text);
        if (texts.includes(text) || texts.includes(text.trim())) continue; // the catalogue's own, whole
        expect(said === hidden || forms.has(said), text).toBe(true);
        expect(isPublic(said) || said === hidden).toBe(true);
        expect(say(said)).toBe(said);
        if (said === hidden) continue;
        legible += 1;
        const out = secrets.flatMap(pieces).filter((piece) => said.includes(piece) && !literals.some((one) => one.includes(piece)));
        expect(out, `of ${secrets.join(" and ")}`).toEqual([]);
      }
      expect(legible).toBeGreaterThan(5_000);
    }, 60_000);

    it(`hides what is no sentence (${language})`, () => {
      const random = chance(7);
      for (let i = 0; i < 5_000; i++) {
        const text = Array.from({ length: 1 + Math.floor(random() * 40) }, () => "abcdefghijklmnopqrstuvwxyz 0123456789:"[Math.floor(random() * 38)]).join("");
        if (text.trim()) expect([hidden, ...forms]).toContain(say(text));
      }
    });
  }
});
