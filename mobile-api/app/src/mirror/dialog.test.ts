import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { expect, it, vi } from "vitest";
import en from "../i18n/en/support";
import fr from "../i18n/fr/support";
import { dialogs, isDialog, openDialog } from "./dialog";
import type { ScreenWord } from "./message";
import { blindWords, whereWords } from "./where";

vi.mock("../shell/router", () => ({ router: {} })); // only its types are meant

const source = () => {
  const root = new URL("..", import.meta.url).pathname;
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  return names.map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
};

it("has a name for each dialog of the family's, and none that is not one's", () => {
  const name = /<Dialog\s+name="(\w+)"|data-dialog=\{"(\w+)"/g;
  const used = source().flatMap(({ text }) => [...text.matchAll(name)].map((found) => found[1] ?? found[2]));
  expect([...new Set(used)].sort()).toEqual([...dialogs].sort());
  const nameless = source().filter(({ text }) => text.includes("<Dialog name={null}")).map(({ name }) => name.split("/")[0]);
  expect([...new Set(nameless)]).toEqual(["support"]); // nobody mirrors those
});

type Box = { name: string; open: boolean };
const element = ({ name, open }: Box) => ({ querySelector: () => (open ? {} : null), getAttribute: () => name });
const page = (...boxes: Box[]) => ({ querySelectorAll: () => boxes.map(element) }) as unknown as ParentNode;

it("is that of the one on top, by a name of the list and nothing else", () => {
  expect(openDialog(page())).toBe("");
  expect(openDialog(page({ name: "help", open: true }, { name: "pauseAll", open: true }, { name: "zone", open: false }))).toBe("pauseAll");
  for (const name of ["Léo", "constructor", "__proto__", "", "#root"]) {
    expect(openDialog(page({ name, open: true }))).toBe("");
    expect(isDialog(name)).toBe(false);
  }
});

it("says where a customer is, in both languages, and of a name that is not known nothing", async () => {
  await i18next.init({ lng: "en", ns: ["support"], resources: { en: { support: en }, fr: { support: fr } }, interpolation: { escapeValue: false } });
  const [english, french] = [i18next.getFixedT("en", "support"), i18next.getFixedT("fr", "support")];
  expect(whereWords({ route: "person", dialog: "renamePerson" }, english)).toBe("A person › Rename a person");
  expect(whereWords({ route: "home", dialog: "pauseAll" }, french)).toBe("Accueil › Mettre tout le monde en pause");
  expect(whereWords({ route: "home" }, english)).toBe("Home");
  expect(whereWords({ route: "evil", dialog: "<b>Léo" } as unknown as ScreenWord, english)).toBe("Another screen");
  expect(blindWords({}, english)).toBe("");
  for (const blind of ["big", "browser"] as const) for (const t of [english, french]) expect(blindWords({ blind }, t)).not.toMatch(/^blind_|^$/);
});
