import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const src = new URL("../../src", import.meta.url).pathname;
const kits = /import\s+(type\s+)?\{([^}]*)\}\s+from\s+"(@mantine\/(?!hooks)[\w-]+|qrcode\.react)"/g;
const tags = "input|select|textarea|output|progress|meter|canvas|dialog|details|datalist|video|audio|iframe|img|object|embed|option|form";
const native = new RegExp(`<(${tags})\\b`, "g");

/** All parts that the app makes its screens of and that may hold what somebody typed or is called, as its sources name them. */
export function partsOfApp(): string[] {
  const found = new Set<string>();
  const files = readdirSync(src, { recursive: true }).map((name) => join(src, String(name))).filter((name) => name.endsWith(".tsx"));
  for (const text of files.map((name) => readFileSync(name, "utf8"))) {
    const names = [...text.matchAll(kits)].filter(([, types]) => !types).flatMap(([, , list = ""]) => list.split(","));
    for (const name of names.map((one) => one.trim().split(" as ")[0] ?? "")) {
      if (!/^[A-Z]/.test(name)) continue; // a hook, a type, a function
      found.add(name);
      for (const [part] of text.matchAll(new RegExp(`(?<=<)${name}\\.\\w+`, "g"))) found.add(part);
    }
    if (/import\s+\*[^;]*@mantine/.test(text)) found.add("everything at once");
    for (const [, tag = ""] of text.matchAll(native)) found.add(tag);
  }
  return [...found].sort();
}
