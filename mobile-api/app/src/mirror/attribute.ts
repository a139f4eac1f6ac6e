import { isPlainDeclaration, isPlainValue, plainStyle } from "./style";

/** What a page may say of itself. */
export type Vocabulary = {
  /** Names that the app's sheets select on, each with the values that they ask for. */
  attributes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Custom properties that the sheets read. */
  properties: ReadonlySet<string>;
  /** Whether a whole text may be read by a stranger. */
  isPublic: (text: string) => boolean;
};

const html =
  "html head body div span p a abbr address article aside b bdi bdo blockquote br button caption center cite code col colgroup dd details dialog div " +
  "dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins del kbd label legend li link main mark " +
  "menu meter nav ol optgroup option output p pre progress q s samp search section select small span strong style sub summary sup table tbody " +
  "td textarea tfoot th thead time tr u ul var wbr";
const svg = "svg g path circle ellipse line rect polyline polygon defs clippath lineargradient radialgradient stop mask tspan text symbol";

const tags = new Set(html.split(" "));
const markup = new Set(svg.split(" "));

/** Elements that keep their place and nothing else: what they hold is text, or runs, or is fetched. */
const emptied = new Set(["option", "optgroup", "img", "textarea"]);

/** Whether a tag is one that a picture may have. */
export const isTag = (tag: string) => tags.has(tag.toLowerCase()) || markup.has(tag.toLowerCase());

/** Whether a tag is one of a drawing. */
export const isMarkup = (tag: string) => markup.has(tag.toLowerCase());

/** The element that stands for one: itself, or an empty one where it is not known to be harmless. */
export function kindOf(tag: unknown): { name: string; emptied: boolean } {
  const lower = typeof tag === "string" ? tag.toLowerCase() : "";
  if (markup.has(lower)) return { name: tag as string, emptied: false };
  if (!tags.has(lower)) return { name: "span", emptied: true };
  return { name: lower, emptied: emptied.has(lower) };
}

const lengths = /^-?[\d.]{1,12}(px|%|em|rem)?$/;

// What draws a picture that the sheets do not select on. Their values are numbers, colours and short words.
const structural = new Set(
  ("colspan rowspan viewbox fill stroke stroke-width stroke-linecap stroke-linejoin stroke-dasharray stroke-dashoffset fill-rule clip-rule " +
    "fill-opacity stroke-opacity width height x y x1 x2 y1 y2 cx cy r rx ry points transform xmlns preserveaspectratio offset stop-color " +
    "stop-opacity gradientunits text-anchor dominant-baseline checked disabled open multiple hidden inert max min low high").split(" "),
);
const namespace = "http://www.w3.org/2000/svg";
const sized = new Set(["rr_width", "rr_height", "rr_scrolltop", "rr_scrollleft"]);
const types = new Set("text password email number search tel url checkbox radio button submit reset range time date datetime-local file stylesheet".split(" "));

/** The value that an attribute may leave with, undefined where it may not; null takes an attribute away. */
export function attribute(name: string, value: unknown, words: Vocabulary): unknown {
  const key = name.toLowerCase();
  if (key === "style") return styleOf(value, words);
  const known = words.attributes.has(key) || structural.has(key) || sized.has(key) || ["class", "type", "rel", "href", "d", "rr_open_mode"].includes(key);
  if (!known) return undefined;
  if (value === null || value === true) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const asked = words.attributes.get(key);
  if (asked && key !== "type") return asked.has(value) ? value : ""; // another value is one that the sheets do not tell from none
  if (!fits(key, value, words.properties)) return undefined;
  return key === "href" ? value.slice(value.indexOf("/assets/")) : value; // wherever the picture is drawn, it has them from there
}

function fits(key: string, value: string, properties: ReadonlySet<string>): boolean {
  switch (key) {
    case "class":
      return value.length <= 600 && /^[\w\s:/-]*$/.test(value);
    case "type":
      return types.has(value);
    case "rel":
      return value === "stylesheet";
    case "href":
      return isSheet(value);
    case "xmlns":
      return value === namespace;
    case "d": // a long one may be a QR code
      return value.length <= 600 && /^[mlhvcsqtaz\d\s.,-]*$/i.test(value) && !/[a-z]{3}/i.test(value);
    case "points":
      return value.length <= 2000 && /^[\d\s.,-]*$/.test(value);
    case "rr_open_mode":
      return value === "modal" || value === "non-modal";
  }
  if (sized.has(key)) return lengths.test(value);
  return isPlainValue(value, properties);
}

/** A sheet of our own build and nothing else. */
function isSheet(href: string): boolean {
  return /^(https?:\/\/[\w.:-]+)?\/assets\/[\w.-]+\.css$/.test(href) && !href.includes("..");
}

/** A style attribute, as a text or as what rrweb says of a change: properties, each with its value, its importance, or false. */
function styleOf(value: unknown, words: Vocabulary): unknown {
  if (value === null) return null;
  if (typeof value === "string") return plainStyle(value, words.properties);
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [property, raw] of Object.entries(value).slice(0, 100)) {
    const text: unknown = Array.isArray(raw) ? raw[0] : raw;
    if (raw === false && isPlainDeclaration(property, "", words.properties)) kept[property] = false;
    else if (typeof text === "string" && isPlainDeclaration(property, text, words.properties)) kept[property] = Array.isArray(raw) ? [text, "important"] : text;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}
