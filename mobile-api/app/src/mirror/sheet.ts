import { isTag, type Vocabulary } from "./attribute";
import { plainStyle } from "./style";

const mostMade = 128 * 1024;
const mostOwn = 512 * 1024;
const mostRule = 64 * 1024; // all variables of the library are one rule

const made = /^(\s|,|\*|:root|:host|\[data-mantine-color-scheme(="?(dark|light)"?)?\]|\.__m__-[\w-]+|\.mantine-[\w-]+|:where\(|\))*$/;
const width = /^@media\s*\(\s*(min|max)-width\s*:\s*[\d.]+(px|em|rem)\s*\)$/;

/** What may leave of a sheet that stands in the page: rules that the component library makes, with plain declarations. */
export function plainSheet(sheet: string, properties: ReadonlySet<string>): string {
  if (sheet.length > mostMade) return "";
  return rules(sheet, { selector: (head) => made.test(head), condition: (head) => width.test(head), properties });
}

const pseudos = new Set(
  ("root host where is not has hover active focus focus-visible focus-within disabled enabled checked indeterminate default first-child last-child " +
    "only-child nth-child nth-of-type first-of-type last-of-type empty before after placeholder dir read-only link visited any-link target marker " +
    "selection open modal autofill invalid valid required optional").split(" "),
);
const features = new Set(
  ("media screen all print and not only or min-width max-width min-height max-height min-device-width max-device-width hover none prefers-reduced-motion reduce " +
    "no-preference prefers-color-scheme dark light forced-colors active pointer coarse fine orientation portrait landscape px em rem width height").split(" "),
);

/**
 * What may leave of a sheet of our own build, where the one who looks has no longer that build: rules for classes and for what
 * the vocabulary knows, with plain declarations. It has no address, no text and no name that a page could have made up.
 */
export function ownSheet(sheet: string, words: Vocabulary): string {
  if (sheet.length > mostOwn) return "";
  return rules(sheet, { selector: (head) => isPlainSelector(head, words), condition: isPlainCondition, properties: words.properties });
}

function isPlainSelector(head: string, { attributes }: Vocabulary): boolean {
  if (head.length > 4000) return false;
  let known = true;
  const rest = head.replace(/\[\s*([\w-]+)\s*(?:[~|^$*]?=\s*"?([\w-]*)"?\s*)?\]/g, (_, name: string, value: string | undefined) => {
    const values = attributes.get(name.toLowerCase());
    known &&= values !== undefined && (value === undefined || value === "" || values.has(value));
    return "";
  });
  if (!known || !/^[\w\s.*,>+~:()-]*$/.test(rest)) return false;
  const bare = rest.replace(/\.-?[a-zA-Z_][\w-]*/g, " ");
  for (const [, name = ""] of bare.matchAll(/::?([\w-]*)/g)) if (!pseudos.has(name.toLowerCase())) return false;
  const elements = bare.replace(/::?[\w-]+/g, " ").match(/[a-zA-Z][\w-]*/g) ?? [];
  return elements.every((name) => isTag(name) || ["n", "odd", "even", "ltr", "rtl"].includes(name));
}

function isPlainCondition(head: string): boolean {
  if (!/^@media[\w\s():.,<>=-]*$/.test(head) || head.length > 300) return false;
  return (head.match(/[a-zA-Z][a-zA-Z-]*/g) ?? []).every((word) => features.has(word.toLowerCase()));
}

function withoutEmpty(sheet: string): string {
  const less = sheet.replace(/@media[^{}]*\{\}/g, "");
  return less === sheet ? sheet : withoutEmpty(less);
}

type Kept = { selector: (head: string) => boolean; condition: (head: string) => boolean; properties: ReadonlySet<string> };

function rules(sheet: string, { selector, condition, properties }: Kept): string {
  const kept: string[] = [];
  let depth = 0;
  for (const [, prelude = "", body, end] of sheet.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/([^{}]*)(?:\{([^{}]*)\}|(\{|\}))/g)) {
    const head = prelude.trim();
    if (end === "{") {
      depth += 1;
      kept.push(condition(head) ? `${head}{` : "@media not all{");
    } else if (end === "}") {
      depth -= 1;
      if (depth < 0) return "";
      kept.push("}");
    } else if (head !== "" && selector(head)) {
      const declarations = plainStyle(body ?? "", properties, mostRule);
      if (declarations) kept.push(`${head}{${declarations}}`);
    }
  }
  return depth === 0 ? withoutEmpty(kept.join("")) : "";
}
