// Styles as they may leave a page: what places and colours, and nothing that could carry a word or fetch a thing.

const functions = new Set([
  "var", "calc", "min", "max", "clamp", "rgb", "rgba", "hsl", "hsla", "color-mix", "light-dark", "env", "translate", "translatex", "translatey",
  "translate3d", "scale", "scalex", "scaley", "rotate", "matrix", "cubic-bezier", "repeat", "minmax", "linear-gradient", "blur", "rem",
]);

// Words that a value may have. Names that an author could choose (areas, animations, fonts) are not among them.
const words = new Set(
  ("none auto flex inline block grid contents hidden visible clip transparent currentcolor inherit initial unset revert normal bold bolder " +
    "lighter italic center start end left right top bottom middle baseline stretch absolute relative fixed sticky static nowrap wrap row column " +
    "reverse row-reverse column-reverse space-between space-around space-evenly flex-start flex-end inline-flex inline-block inline-grid ease " +
    "linear ease-in ease-out ease-in-out pointer default not-allowed text grab grabbing white black scroll contain cover both vertical " +
    "horizontal uppercase lowercase capitalize all opacity transform height width solid dashed dotted important infinite forwards backwards " +
    "span dense min-content max-content fit-content border-box content-box break-word anywhere pre pre-wrap ellipsis underline manipulation " +
    "pan-y pan-x in srgb oklab to from safe-area-inset-bottom safe-area-inset-top background-color color isolate collapse thin round butt square miter bevel evenodd nonzero xmidymid " +
    "meet slice userspaceonuse objectboundingbox").split(" "),
);

// Properties whose values are names or texts.
const named = new RegExp(
  "^(content|font|font-family|quotes|animation|animation-name|grid-area|grid-template|grid-template-areas|grid-row|grid-column|list-style|" +
    "counter-.*|will-change|view-transition-name|container|container-name|anchor-name|position-anchor|cursor|mask.*|filter|backdrop-filter|" +
    "behavior|src|page|d|shape-outside|offset-path|border-image.*|background-image)$",
);

// Of those that say neither.
const nameless: Record<string, RegExp> = {
  content: /^(""|''|none)$/, "list-style": /^none$/, "grid-row": /^[\d\s/-]{1,20}$/, "grid-column": /^[\d\s/-]{1,20}$/, "grid-area": /^[\d\s/-]{1,20}$/,
};

const units = /^(px|r?em|r?lh|r?ch|r?ex|[sld]?v[hw]|vmin|vmax|fr|ms|s|deg|turn|rad|x|cqw|cqh|e)$/i;

/** Whether a value says nothing but sizes, colours and words that every style has. */
export function isPlainValue(value: string, properties: ReadonlySet<string>): boolean {
  if (value.length > 300 || !/^[\w\s.,%#()+*/!-]*$/.test(value)) return false;
  const rest = value.replace(/#[0-9a-fA-F]{3,8}\b/g, " ").replace(/--[\w-]+/g, (name) => (properties.has(name) ? " " : " forbidden "));
  for (const [, word, open] of rest.matchAll(/(?<![\w.])(-?[a-zA-Z_][\w-]*)(\(?)/g)) {
    const name = (word ?? "").toLowerCase();
    if (open ? !functions.has(name) : !words.has(name)) return false;
  }
  for (const [, unit] of rest.matchAll(/\d([a-zA-Z_][\w]*)/g)) {
    if (!units.test(unit ?? "")) return false;
  }
  return true;
}

/** Whether a declaration may leave. */
export function isPlainDeclaration(property: string, value: string, properties: ReadonlySet<string>): boolean {
  if (property.startsWith("--")) return properties.has(property) && isPlainValue(value, properties);
  if (nameless[property]?.test(value)) return true;
  return /^-?[a-z][a-z-]{1,40}$/.test(property) && !named.test(property) && isPlainValue(value, properties);
}

/** A style attribute with what may leave of it. */
export function plainStyle(style: string, properties: ReadonlySet<string>, most = 4000): string {
  if (style.length > most) return "";
  const kept: string[] = [];
  for (const declaration of style.split(";")) {
    const colon = declaration.indexOf(":");
    if (colon < 0) continue;
    const [property, value] = [declaration.slice(0, colon).trim(), declaration.slice(colon + 1).trim()];
    if (isPlainDeclaration(property, value, properties)) kept.push(`${property}: ${value}`);
  }
  return kept.length > 0 ? `${kept.join("; ")};` : "";
}
