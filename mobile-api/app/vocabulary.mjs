// What may leave a customer's page as an attribute or a custom property: the names that the app's own style sheets select
// on and read. It is taken from the sheets that the app imports, at each build, so that it cannot fall behind them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = new URL(".", import.meta.url).pathname;

// Names that a sheet may select on and that carry text all the same.
const never = new Set("id for name value title alt placeholder href src srcset content data-label data-value".split(" "));

/** The sheets of the app: its own, and those of the component library that it imports. */
export function sheets() {
  const files = readdirSync(join(root, "src"), { recursive: true }).map((name) => join(root, "src", name));
  const own = files.filter((name) => name.endsWith(".css"));
  const imported = new Set();
  for (const name of files.filter((file) => /\.(css|tsx?)$/.test(file))) {
    for (const found of readFileSync(name, "utf8").matchAll(/["'](@mantine\/[\w/-]+\/[\w-]+\.css|@mantine\/[\w-]+\/styles\.css)["']/g)) {
      imported.add(join(root, "node_modules", found[1]));
    }
  }
  return [...own, ...[...imported].sort()].map((name) => readFileSync(name, "utf8"));
}

/** What style sheets name: attributes that a selector has, each with the values that it asks for, and custom properties that are read. */
export function vocabulary(texts) {
  const attributes = new Map();
  const properties = new Set(colours());
  for (const text of texts) {
    const plain = text.replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, name, value] of plain.matchAll(/\[([a-zA-Z][\w-]*)\s*(?:[~|^$*]?=\s*["']?([\w-]+)["']?\s*[is]?\s*)?\]/g)) {
      const known = attributes.get(name.toLowerCase()) ?? new Set();
      attributes.set(name.toLowerCase(), value ? known.add(value) : known);
    }
    for (const [, name] of plain.matchAll(/var\(\s*(--[\w-]+)/g)) properties.add(name);
  }
  const allowed = [...attributes].filter(([name]) => !never.has(name) && !name.startsWith("on") && !name.startsWith("aria-label")).sort();
  const valued = allowed.map(([name, values]) => [name, [...values].sort()]);
  return { attributes: Object.fromEntries(valued), properties: [...properties].sort() };
}

/** Names of the colours that the theme has: components choose among them by style attributes, which no sheet names. */
function colours() {
  const [, own = ""] = /colors:\s*\{([^}]*)\}/.exec(readFileSync(join(root, "src", "theme.ts"), "utf8")) ?? [];
  const names = own.split(",").map((one) => one.split(":")[0].trim()).filter((name) => /^[a-z]+$/.test(name));
  const shades = [..."0123456789", "text", "filled", "filled-hover", "light", "light-hover", "light-color", "outline", "outline-hover"];
  return names.flatMap((name) => shades.map((shade) => `--mantine-color-${name}-${shade}`));
}

/** Vite: makes `virtual:vocabulary` of the sheets as they are. */
export function vocabularyPlugin() {
  const own = "\0virtual:vocabulary";
  return {
    name: "vocabulary",
    resolveId: (id) => (id === "virtual:vocabulary" ? own : undefined),
    load: (id) => {
      if (id !== own) return undefined;
      const { attributes, properties } = vocabulary(sheets());
      return `export const attributes = ${JSON.stringify(attributes)};\nexport const properties = ${JSON.stringify(properties)};\n`;
    },
  };
}
