import { Replayer } from "@rrweb/replay";
import type { eventWithTime } from "@rrweb/types";
import { decode, type Head, kindKey, maxEvents, maxPlain, maxPlainDelta, weigh } from "../frame";
import { anyVocabulary } from "../known";
import { scrub, unseen } from "../scrub";

/** What the page that shows a picture is told of it. */
export type Watcher = {
  /** A key frame is wanted: the picture is not whole any more, or, `inline`, a style sheet that it links could not be had. */
  want: (inline: boolean) => void;
  /** How far the picture is; `seq` is -1 where it is not whole. */
  applied: (at: Pick<Head, "generation" | "epoch" | "seq">) => void;
  sized: (width: number, height: number) => void;
};

// What a replayer holds, which never forgets an event: past this it is begun anew at the next key frame, past twice this at once.
const mostHeld = 5_000; // events
const mostWeight = 32 * 1024 * 1024; // bytes, unpacked
const mostWaiting = 200; // frames
const barePause = 30_000; // between two wishes for sheets: a page that has none itself cannot give them

// What was not looked into has a place and a size.
const hatched =
  `.${unseen} { display: inline-block; border-radius: 6px; background: repeating-linear-gradient(45deg, #8884 0 6px, #8881 6px 12px); ` +
  "outline: 1px dashed #8888; }";

type Part = { head: Head; body: Uint8Array };

/**
 * Draws a stream of frames as they come. A delta is applied only where it belongs, right after the one before it: anything
 * else would make a wrong picture, so a key frame is asked for instead.
 */
export class Player {
  #replayer: Replayer | null = null;
  #held = 0;
  #weight = 0;
  #parts: Part[] = [];
  #generation = 0;
  #epoch = 0;
  #seq = -1; // -1: there is no picture
  #links = new WeakSet<Element>();
  #bare = -barePause; // when sheets were asked for
  #waiting = 0;
  #line = Promise.resolve();
  #stage: Element;
  #watcher: Watcher;

  constructor(stage: Element, watcher: Watcher) {
    this.#stage = stage;
    this.#watcher = watcher;
  }

  get iframe(): HTMLIFrameElement | null {
    return this.#replayer?.iframe ?? null;
  }

  get at() {
    return { generation: this.#generation, epoch: this.#epoch, seq: this.#seq };
  }

  /** The number of a node of the picture, 0 for none. */
  idOf(node: Node): number {
    return Math.max(0, this.#replayer?.getMirror().getId(node) ?? 0);
  }

  nodeOf(id: number): Node | null {
    return this.#replayer?.getMirror().getNode(id) ?? null;
  }

  accept(frame: Uint8Array): void {
    const found = decode(frame);
    if (!found || found.head.generation < this.#generation) return;
    if (this.#waiting >= mostWaiting) return this.#lost();
    this.#waiting += 1;
    this.#line = this.#line
      .then(() => (found.head.kind === kindKey ? this.#key(found) : this.#delta(found)))
      .catch(() => this.#lost()) // a frame that cannot be read is a gap
      .finally(() => (this.#waiting -= 1));
  }

  /** Draws frames that are there already, as fast as it can; fresh: as if there had been nothing before. */
  async run(frames: Uint8Array[], fresh: boolean): Promise<void> {
    await this.#line;
    if (fresh) [this.#generation, this.#epoch, this.#seq, this.#parts] = [0, 0, -1, []];
    for (const frame of frames) {
      if (this.#waiting >= mostWaiting / 2) await this.#line;
      this.accept(frame);
    }
    await this.#line;
  }

  /** Waits until all that was accepted is drawn. */
  settled(): Promise<void> {
    return this.#line;
  }

  #lost() {
    this.#seq = -1;
    this.#watcher.applied(this.at);
    this.#watcher.want(false);
  }

  #isHeavy = (times: number) => this.#held > times * mostHeld || this.#weight > times * mostWeight;

  async #key(part: Part) {
    if (part.head.generation === this.#generation && part.head.epoch <= this.#epoch) return; // twice, or too late
    const first = this.#parts[0]?.head;
    const same = first?.generation === part.head.generation && first.epoch === part.head.epoch;
    const follows = same && part.head.part === this.#parts.length;
    if (part.head.part > 0 && !follows) return; // its beginning was lost: the next one is on its way, or will be asked for
    this.#parts = part.head.part === 0 ? [part] : [...this.#parts, part];
    if (this.#parts.length < part.head.parts) return;
    const body = new Uint8Array(await new Blob(this.#parts.map(({ body }) => body as Uint8Array<ArrayBuffer>)).arrayBuffer());
    this.#parts = [];
    const events = await this.#events(body, maxPlain);
    if (events[0]?.type !== 4 || events[1]?.type !== 2) return this.#lost();
    if (!this.#replayer || this.#isHeavy(1)) this.#begin();
    const { generation, epoch } = part.head;
    [this.#generation, this.#epoch, this.#seq] = [generation, epoch, 0];
    this.#apply(events);
  }

  async #delta({ head, body }: Part) {
    if (head.generation === this.#generation && head.epoch < this.#epoch) return; // before the key frame that is shown
    const fits = head.generation === this.#generation && head.epoch === this.#epoch && head.seq === this.#seq + 1;
    if (this.#seq < 0 || !fits) {
      if (head.generation === this.#generation && head.epoch === this.#epoch && head.seq <= this.#seq) return; // twice
      return this.#lost();
    }
    const events = await this.#events(body, maxPlainDelta);
    this.#seq = head.seq;
    this.#apply(events);
    if (this.#isHeavy(2)) {
      this.#end();
      this.#lost();
    } else if (this.#isHeavy(1)) this.#watcher.want(false);
  }

  async #events(body: Uint8Array, most: number): Promise<eventWithTime[]> {
    const { value: list, weight } = await weigh(body, most);
    if (!Array.isArray(list) || list.length > maxEvents) throw new Error("a frame is a list of events, and not too long");
    this.#weight += weight;
    return list.map((event) => scrub(event, anyVocabulary)).filter((event) => event !== null);
  }

  #apply(events: eventWithTime[]) {
    this.#held += events.length;
    // Whatever the customer's clock says: now.
    for (const event of events) this.#replayer?.addEvent({ ...event, timestamp: Date.now(), delay: 0 });
    void Promise.resolve().then(() => this.#watchSheets()); // the replayer draws in a microtask, too: this one comes after
    this.#watcher.applied(this.at);
  }

  /** A page that was loaded long ago links sheets of its own build, which may be served no more. */
  #watchSheets() {
    for (const link of this.iframe?.contentDocument?.querySelectorAll("link[rel=stylesheet]") ?? []) {
      if (this.#links.has(link)) continue;
      this.#links.add(link);
      link.addEventListener("error", () => {
        if (Date.now() - this.#bare < barePause) return;
        this.#bare = Date.now();
        this.#watcher.want(true);
      });
    }
  }

  #end() {
    this.#replayer?.destroy();
    this.#replayer = null;
    this.#held = 0;
    this.#weight = 0;
  }

  #begin() {
    this.#end();
    const replayer = new Replayer([], {
      root: this.#stage, liveMode: true, useVirtualDom: false, mouseTail: false, showWarning: false, triggerFocus: false,
      insertStyleRules: [hatched],
      logger: { log: () => undefined, warn: () => undefined },
    });
    replayer.on("resize", (size) => {
      const { width, height } = size as { width: number; height: number };
      this.#watcher.sized(width, height);
    });
    replayer.startLive(Date.now() + 1e9); // everything is older than that, and so drawn at once
    this.#replayer = replayer;
  }
}
