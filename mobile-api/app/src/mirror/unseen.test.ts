import { describe, expect, it } from "vitest";
import { type Unseen, unseenAttribute, unseenIn } from "./unseen";

/** As much of an element as hiding needs. */
class Node {
  attributes = new Map<string, string>();
  children: Node[] = [];
  parentElement: Node | null = null;
  isConnected = true;
  own = "";
  constructor(public tag: string, text = "", ...children: Node[]) {
    this.own = text;
    for (const child of children) this.put(child);
  }
  put(child: Node, at = this.children.length) {
    child.parentElement = this;
    this.children.splice(at, 0, child);
  }
  get nodeName() {
    return this.tag.toUpperCase();
  }
  get textContent(): string {
    return this.own + this.children.map((child) => child.textContent).join("");
  }
  get childElementCount() {
    return this.children.length;
  }
  hasAttribute = (name: string) => this.attributes.has(name);
  setAttribute = (name: string, value: string) => void this.attributes.set(name, value);
  removeAttribute = (name: string) => void this.attributes.delete(name);
  getBoundingClientRect = () => ({ width: 10, height: 10 });
  all(): Node[] {
    return this.children.flatMap((child) => [child, ...child.all()]);
  }
  closest(selector: string): Node | null {
    const fits = selector.split(",").some((one) => (one.startsWith("[") ? this.attributes.has(one.slice(1, -1)) : one === this.tag));
    return fits ? this : (this.parentElement?.closest(selector) ?? null);
  }
  leave() {
    for (const one of [this, ...this.all()]) one.isConnected = false;
    const siblings = this.parentElement?.children;
    siblings?.splice(siblings.indexOf(this), 1);
  }
}

function house(...cards: Node[]) {
  const list = new Node("ul", "", ...cards);
  const main = new Node("main", "", new Node("h1", "Home"), list);
  const nav = new Node("nav", "", new Node("a", "Activity"));
  const body = new Node("body", "", new Node("div", "", main, nav));
  const location = { pathname: "/" };
  const step = (at: Node | undefined, part: string) => {
    const [, tag = "", n = "1"] = /^(.*):nth-of-type\((\d+)\)$/.exec(part) ?? [];
    return at?.children.filter((one) => one.tag === tag)[Number(n) - 1];
  };
  const page = {
    body, location, documentElement: { clientWidth: 390, clientHeight: 844 },
    querySelector: (place: string) => place.split(">").slice(1).reduce<Node | undefined>(step, body) ?? null,
    getElementsByTagName: (tag: string) => body.all().filter((one) => one.tag === tag),
  };
  return { page: page as unknown as Document, list, main, nav, location };
}

function drawer() {
  const kept = new Map<string, string>();
  return {
    kept, getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key), key: (n: number) => [...kept.keys()][n] ?? null,
    get length() {
      return kept.size;
    },
  };
}

const card = (text: string) => new Node("li", "", new Node("p", text), new Node("button", "", new Node("span", "Pause")));
const asElement = (node: Node) => node as unknown as Element;
const toggle = (unseen: Unseen, node: Node | undefined) => unseen.toggle(asElement(node ?? new Node("i")));
const isHidden = (node: Node | undefined) => node?.hasAttribute(unseenAttribute);

describe("what the customer hides", () => {
  it("is the thing that was meant, and shown again by the same tap", () => {
    const leo = card("Online");
    const { page } = house(leo);
    const unseen = unseenIn("s", page, drawer());
    const [text, button] = leo.children;
    expect(toggle(unseen, button?.children[0])).toBe("hidden"); // the label of a button is the button
    expect([isHidden(button), isHidden(text)]).toEqual([true, false]);
    expect(toggle(unseen, button?.children[0])).toBe("shown");
    expect([isHidden(button), unseen.list()]).toEqual([false, []]);
  });

  it("is never the whole page", () => {
    const { page, main } = house();
    const unseen = unseenIn("s", page, drawer());
    expect(toggle(unseen, main)).toBe("too-big");
    expect(toggle(unseen, main.parentElement ?? undefined)).toBe("too-big");
    const gone = new Node("i");
    gone.isConnected = false;
    expect(toggle(unseen, gone)).toBe("too-big");
    expect(unseen.list()).toEqual([]);
  });

  it("stays hidden where the page is made anew, wherever it is put", () => {
    const { page, list, location } = house(card("Paused until 18:30"), card("Online"));
    const unseen = unseenIn("s", page, drawer());
    toggle(unseen, list.children[0]?.children[0]);
    location.pathname = "/activity";
    for (const one of [...list.children]) one.leave();
    expect(unseen.mark()).toEqual([]);
    location.pathname = "/";
    const [online, paused] = [card("Online"), card("Paused until 18:30")];
    list.put(online);
    list.put(paused); // in another order: by its place and by what it said
    unseen.mark();
    expect([isHidden(paused.children[0]), isHidden(paused)]).toEqual([true, false]);
    paused.leave();
    const later = card("Paused until 18:45");
    list.put(later, 0); // it says something else, in its old place
    unseen.mark();
    expect(isHidden(later.children[0])).toBe(true);
  });

  it("is told apart by what is new about it", () => {
    const { page, list } = house(card("Online"));
    const unseen = unseenIn("s", page, drawer());
    toggle(unseen, list.children[0]);
    expect(unseen.mark()).toEqual([]);
    list.children[0]?.leave();
    const again = card("Online");
    list.put(again);
    expect(unseen.mark()).toEqual([again]);
    unseen.show(unseen.list()[0]?.id ?? 0);
    expect([isHidden(again), unseen.mark()]).toEqual([false, []]);
  });

  it("is on every screen where it is outside of one", () => {
    const { page, nav, location } = house();
    const unseen = unseenIn("s", page, drawer());
    toggle(unseen, nav.children[0]);
    nav.children[0]?.leave();
    location.pathname = "/activity";
    nav.put(new Node("a", "Activity"));
    unseen.mark();
    expect(isHidden(nav.children[0])).toBe(true);
  });

  it("outlives a reload, and no other session knows of it", () => {
    const store = drawer();
    const first = house(card("Online"));
    toggle(unseenIn("s1", first.page, store), first.list.children[0]);
    const second = house(card("Online"));
    unseenIn("s1", second.page, store).mark();
    expect(isHidden(second.list.children[0])).toBe(true);
    const third = house(card("Online"));
    unseenIn("s2", third.page, store).mark();
    expect(isHidden(third.list.children[0])).toBe(false);
    expect(store.kept.size).toBe(0);
  });

  it("stays hidden when the customer gives more time, and over a reload after it", () => {
    const store = drawer();
    const first = house(card("Online"));
    toggle(unseenIn("s1", first.page, store), first.list.children[0]);
    for (const before of ["s1", ""]) {
      const next = house(card("Online"));
      unseenIn("s2", next.page, store, before).mark();
      expect(isHidden(next.list.children[0])).toBe(true);
    }
    expect([...store.kept.keys()]).toEqual(["carebox.unseen.s2"]);
  });

  it("is hidden on every page of the app that is open", () => {
    const store = drawer();
    const [one, other] = [house(card("Online")), house(card("Online"))];
    const [here, there] = [unseenIn("s", one.page, store), unseenIn("s", other.page, store)];
    toggle(here, one.list.children[0]);
    there.reread();
    expect(isHidden(other.list.children[0])).toBe(true);
    toggle(here, one.list.children[0]);
    there.reread();
    expect([isHidden(other.list.children[0]), there.list()]).toEqual([false, []]);
  });

  it("takes nothing from a store that is not its own", () => {
    const places = ["*", "body", "body>*", "body>a:nth-of-type(1),html", "body>a[href]", 1, null];
    for (const kept of ["", "{", "null", "7", "[1,null,{}]", ...places.map((place) => JSON.stringify([{ id: 1, screen: "", place, tag: "a", text: "", children: 0 }]))]) {
      const store = drawer();
      store.setItem("carebox.unseen.s", kept);
      expect(unseenIn("s", house().page, store).list()).toEqual([]);
    }
  });
});
