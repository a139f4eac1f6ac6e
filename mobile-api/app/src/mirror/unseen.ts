import { forgetUnseen, prefix } from "./forget";

/** Something on the page that the customer has hidden. */
export type Hidden = {
  id: number;
  /** Its screen; "" for what is on every one. */
  screen: string;
  /** How it is found again once the page has made it anew: its place, and what it said. */
  place: string;
  tag: string;
  text: string;
  children: number;
};

export type Unseen = {
  /** Hides something, or shows it again. */
  toggle: (element: Element) => "hidden" | "shown" | "too-big";
  show: (id: number) => void;
  list: () => readonly Hidden[];
  /** Marks what is hidden wherever it is on the page now; what it had not marked before is answered. */
  mark: () => Element[];
  /** Another page of the app, in the same session, has hidden something or shown it again. */
  reread: () => void;
};

/** On an element that is hidden: the recorder does not look into it. */
export const unseenAttribute = "data-unseen";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
type Found = { element: Element; entry: number };

const mostHidden = 100;
const longest = 200; // characters of a text by which something is found again
const most = 0.8; // of the screen: not a thing on it

/**
 * What a customer has hidden in a session: kept on this phone until another session begins or they sign out, so that neither
 * another screen nor a reload brings it back, nor more time, which is another session that follows the one `before`. What was
 * made anew is found by its place, and by what it said: rather more is hidden than less.
 */
export function unseenIn(session: string, page: Document = document, store: Store = localStorage, before = ""): Unseen {
  let entries = read(store, session, before);
  let found: Found[] = [];
  const screen = () => page.location.pathname;

  const keep = () => {
    try {
      store.setItem(prefix + session, JSON.stringify(entries));
    } catch {
      // Without a store it holds until the page is loaded again.
    }
  };
  const show = (id: number) => {
    entries = entries.filter((entry) => entry.id !== id);
    for (const { element, entry } of found) if (entry === id) element.removeAttribute(unseenAttribute);
    found = found.filter(({ entry }) => entry !== id);
    keep();
  };
  const mark = () => {
    const marked: Element[] = [];
    const lost = new Set(found.filter(({ element }) => !element.isConnected).map(({ entry }) => entry));
    found = found.filter(({ element }) => element.isConnected);
    for (const entry of entries) {
      const here = entry.screen === "" || entry.screen === screen();
      const whole = !lost.has(entry.id) && found.some((one) => one.entry === entry.id);
      if (here && !whole) found.push(...search(page, entry).map((element) => ({ element, entry: entry.id })));
    }
    for (const { element } of found) {
      if (element.hasAttribute(unseenAttribute)) continue;
      element.setAttribute(unseenAttribute, "");
      marked.push(element);
    }
    return marked;
  };
  const toggle = (touched: Element) => {
    const known = touched.closest(`[${unseenAttribute}]`);
    const ids = found.filter(({ element }) => element === known).map(({ entry }) => entry);
    if (ids.length > 0) {
      ids.forEach(show);
      return "shown";
    }
    const element = thingAt(touched);
    if (!element?.isConnected || isWhole(element, page) || entries.length >= mostHidden) return "too-big";
    const id = Math.max(0, ...entries.map((entry) => entry.id)) + 1;
    const everywhere = element.closest("main") === null;
    entries = [...entries, { id, screen: everywhere ? "" : screen(), ...describe(element) }];
    found.push({ element, entry: id });
    keep();
    mark();
    return "hidden";
  };
  const reread = () => {
    for (const { element } of found) element.removeAttribute(unseenAttribute);
    found = [];
    entries = read(store, session);
    mark();
  };
  if (entries.length > 0) keep();
  return { toggle, show, mark, reread, list: () => entries };
}

/** The thing that was meant: a whole button where its label was touched, not a stroke of an icon. */
function thingAt(touched: Element): Element | null {
  const element = touched.closest("svg")?.parentElement ?? touched;
  return element.closest("button,a,label,select") ?? element;
}

function isWhole(element: Element, page: Document): boolean {
  if (["HTML", "BODY", "MAIN", "HEAD"].includes(element.nodeName) || element.parentElement === page.body) return true;
  const { width, height } = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = page.documentElement;
  return width * Math.min(height, clientHeight) > most * clientWidth * clientHeight;
}

function describe(element: Element) {
  const text = element.textContent.trim();
  return { place: placeOf(element), tag: element.nodeName.toLowerCase(), text: text.length <= longest ? text : "", children: element.childElementCount };
}

/** The way from the body to an element, as a selector. */
function placeOf(element: Element): string {
  const steps: string[] = [];
  for (let at: Element | null = element; at?.parentElement && at.nodeName !== "BODY"; at = at.parentElement) {
    const { nodeName } = at;
    const same = [...at.parentElement.children].filter((one) => one.nodeName === nodeName);
    steps.unshift(`${nodeName.toLowerCase()}:nth-of-type(${String(same.indexOf(at) + 1)})`);
  }
  return ["body", ...steps].join(">");
}

function search(page: Document, { place, tag, text, children }: Hidden): Element[] {
  const there = page.querySelector(place);
  const alike = (one: Element) => one.childElementCount === children && one.textContent.trim() === text;
  const same = text ? [...page.getElementsByTagName(tag)].filter((one) => one !== there && alike(one)) : [];
  return there ? [there, ...same] : same;
}

const shape = /^body(>[a-z][a-z0-9-]*:nth-of-type\(\d{1,5}\))+$/;

/** What was kept of this session, else of the one that it follows; of any other nothing stays. */
function read(store: Store, session: string, before = ""): Hidden[] {
  try {
    const text = store.getItem(prefix + session) ?? (before && store.getItem(prefix + before));
    forgetUnseen(session, store);
    const kept: unknown = JSON.parse(text || "[]");
    return Array.isArray(kept) ? kept.filter(isHidden).slice(0, mostHidden) : [];
  } catch {
    return [];
  }
}

function isHidden(value: unknown): value is Hidden {
  if (typeof value !== "object" || value === null) return false;
  const { id, screen, place, tag, text, children } = value as Record<string, unknown>;
  const named = typeof screen === "string" && typeof text === "string" && typeof tag === "string" && /^[a-z][a-z0-9-]*$/.test(tag);
  return named && Number.isSafeInteger(id) && Number.isSafeInteger(children) && typeof place === "string" && shape.test(place);
}

export type Part = { element: Element; name: string; hidden: boolean };

const parts = "h1,h2,h3,section,article,li,button,a,p";
const mostParts = 60;

/** Things on the page by their names, for those who do not point. */
export function partsOf(page: Document = document): Part[] {
  const found: Part[] = [];
  for (const element of page.querySelectorAll(parts)) {
    if (found.length >= mostParts) break;
    if (element.closest("[data-private],[role=dialog],.unseen")) continue;
    const name = (element.getAttribute("aria-label") ?? element.textContent).replace(/\s+/g, " ").trim();
    const { width, height } = element.getBoundingClientRect();
    if (!name || width === 0 || height === 0 || isWhole(element, page)) continue;
    const hidden = element.closest(`[${unseenAttribute}]`);
    if (hidden && hidden !== element) continue; // it is hidden with what it is in
    found.push({ element, name: name.length > 60 ? `${name.slice(0, 59)}…` : name, hidden: hidden !== null });
  }
  return found;
}
