import type { Recording } from "../../src/mirror/recorder";
import { Player } from "../../src/mirror/replay/player";

// A page that changes by chance, a line that loses, repeats and turns round what is sent, and a picture at its end.

/** mulberry32: the same in each run. */
export function chance(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const open = ["Settings", "Home", "Activity"]; // of the catalogue
const own = ["Zqname", "Zqother name", "12:30"];

/** A page's or a picture's part as both must have it: what may be said is said, the rest has its place. */
export function plain(node: Node | null | undefined): string {
  if (!node) return "nothing";
  if (node.nodeType === 3) {
    const text = node.nodeValue ?? "";
    return text.trim() === "" ? "_" : open.includes(text) ? text : "•••";
  }
  if (node.nodeType !== 1) return "";
  const element = node as HTMLElement;
  const tag = element.tagName.toLowerCase();
  const unknown = tag.includes("-") || tag === "iframe" || tag === "span"; // what is not known stands as an empty span
  const value = tag === "input" ? ((element as HTMLInputElement).value === "" ? "" : "•••") : "";
  const look = unknown ? "" : `${element.className.replaceAll(/rr-\S+|:hover/g, "").trim()}|${element.style.top}|${value}`;
  const inside = unknown ? "" : [...element.childNodes].map(plain).join("");
  return `<${unknown ? "span" : tag} ${look}>${inside}</>`;
}

export type Chaos = ReturnType<typeof chaosOf>;

/** `start` begins to record into a line of ours. */
export function chaosOf(start: (send: (frame: Uint8Array) => void, waiting: () => number) => Recording) {
  const plot = document.createElement("section");
  plot.className = "plot";
  const stage = document.createElement("div");
  stage.setAttribute("data-private", "");
  document.body.append(plot, stage);

  let wants = 0;
  let recording: Recording | null = null;
  const player = new Player(stage, {
    want: () => {
      wants += 1;
      recording?.key();
    },
    applied: () => undefined,
    sized: () => undefined,
  });
  const at = ({ generation, epoch, seq }: { generation: number; epoch: number; seq: number }) => [generation, epoch, seq].join(".");
  const fresh: Uint8Array[] = [];
  const under: Uint8Array[] = []; // on their way
  const right = new Map<string, string>(); // how the page was when a frame left
  let clogged = false;
  // The recorder asks whether there is room when it has taken all that happened: so the page is, in the frame that comes next.
  const room = () => {
    if (recording) right.set(at({ generation: 1, epoch: recording.epoch(), seq: recording.seq() + 1 }), plain(plot));
    return clogged ? 1e6 : 0;
  };
  recording = start((frame) => fresh.push(frame), room);

  const elements = () => [plot, ...plot.querySelectorAll<HTMLElement>("*:not(iframe, x-card)")].filter((one) => one.tagName !== "INPUT");
  const grow = (random: () => number): Node => {
    const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)] as T;
    const kind = random();
    if (kind < 0.35) return document.createTextNode(pick([...open, ...own]));
    if (kind < 0.45) return document.createElement("input");
    if (kind < 0.5) {
      const frame = document.createElement("iframe"); // an extension's
      frame.srcdoc = "<p>Settings</p>";
      return frame;
    }
    if (kind < 0.55) {
      const card = document.createElement("x-card");
      card.attachShadow({ mode: "open" }).append("Settings");
      return card;
    }
    const element = document.createElement(pick(["p", "div", "button", "li", "b"]));
    if (random() < 0.8) element.append(grow(random));
    if (random() < 0.5) element.append(grow(random));
    return element;
  };
  const stir = (random: () => number) => {
    const all = elements();
    const pick = () => all[Math.floor(random() * all.length)] ?? plot;
    const [one, other] = [pick(), pick()];
    const kind = random();
    if (kind < 0.35 || all.length < 6) one.insertBefore(grow(random), one.childNodes[Math.floor(random() * 3)] ?? null);
    else if (kind < 0.5 && one !== plot) one.remove();
    else if (kind < 0.65 && one !== plot && !one.contains(other)) {
      other.append(one); // moved, and another text with it
      const text = [...one.childNodes].find((node) => node.nodeType === 3);
      if (text) text.nodeValue = random() < 0.5 ? "Home" : "Zqmoved";
    }
    else if (one === plot) return;
    else if (kind < 0.75) one.className = `beacon-${String(Math.floor(random() * 9))}`;
    else if (kind < 0.8) one.style.top = `${String(Math.floor(random() * 90))}px`;
    else if (kind < 0.85) one.title = own[0] ?? "";
    else if (kind < 0.93) {
      const text = [...one.childNodes].find((node) => node.nodeType === 3);
      if (text) text.nodeValue = random() < 0.5 ? "Home" : "Zqchanged";
    } else {
      const field = plot.querySelector("input");
      if (field) field.value = random() < 0.3 ? "" : "Zqtyped";
      field?.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  let compared = 0;
  /** Frames that have left go through the line; answers what is wrong with the picture then. */
  const pass = async (random: () => number, fault: number): Promise<string> => {
    under.push(...fresh.splice(0));
    while (under.length > 0) {
      if (random() < fault && under.length > 1) under.push(...under.splice(0, 1)); // turned round
      const frame = under.shift();
      const luck = random();
      if (!frame || luck < fault) continue; // lost
      player.accept(frame);
      if (luck < 2 * fault) player.accept(frame.slice());
      if (luck < 3 * fault) under.push(frame.slice()); // once more, later
      if (luck > 1 - fault) break; // the rest comes later
    }
    await player.settled();
    if (player.at.seq < 0) return "";
    const drawn = plain(player.iframe?.contentDocument?.querySelector(".plot"));
    const wanted = right.get(at(player.at));
    if (wanted === undefined) return ""; // between two looks at the page
    compared += 1;
    return drawn === wanted ? "" : `${at(player.at)}\n${drawn}\n${String(wanted)}`;
  };
  const isWhole = () => player.at.seq === recording.seq() && player.at.epoch === recording.epoch();
  /** The line takes no more, or takes again what is sent. */
  const clog = (full: boolean) => (clogged = full);
  return { stir, clog, pass, isWhole, compared: () => compared, wants: () => wants };
}
