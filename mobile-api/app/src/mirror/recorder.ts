import { record } from "@rrweb/record";
import type { eventWithTime } from "@rrweb/types";
import { canPack, encode, encodeKey, kindDelta, maxDelta, maxEvents, pack } from "./frame";
import { ownVocabulary } from "./public";
import { quiet } from "./quiet";
import type { Blind } from "./message";
import { hidden, scrub } from "./scrub";
import { type Unseen, unseenAttribute } from "./unseen";

/** Where frames go: a socket, as far as the recorder knows it. */
export type Sink = {
  send: (frame: Uint8Array<ArrayBuffer>) => void;
  /** Bytes that wait in the browser. */
  waiting: () => number;
  /** Whether there is a picture, and why there is none; told at each try. */
  sight: (blind: Blind | "") => void;
};

export type Recording = {
  /** Sends a key frame: now, or as soon as one may follow the last. */
  key: () => void;
  /** Begins to look anew, now: what was seen of something that is hidden since is not known any more. */
  again: () => void;
  /** From now on the picture has its style sheets inside. */
  inline: () => void;
  /** Whether anybody looks; nothing is sent while nobody does. */
  watch: (seen: boolean) => void;
  stop: () => void;
  /** The page's own element of a node of the picture. */
  nodeOf: (id: number) => Node | null;
  epoch: () => number;
  seq: () => number;
};

const batchTime = 250;
const keyPause = 1000;
const longPause = 10_000; // after a try that cost much and gave nothing
const fullAt = 256 * 1024;
const drainedAt = 32 * 1024;
const maxElements = 9_000; // about 15,000 nodes with their texts
const maxShown = 2_000;
const maxAhead = 4; // batches that are being packed

// What may be sent in the long run and at once, as the server counts.
const rate = 16 * 1024;
const burst = 96 * 1024;

/** Never more than this of the page: no picture is looked into. */
const blocked = `img,canvas,video,audio,iframe,object,embed,[data-private],[${unseenAttribute}]`;

/**
 * Records the page for somebody who was let see it. A text leaves only as the words that the catalogue has of it, or if a
 * developer has marked its element `data-mirror="show"`; every field passes `scrub`. Nothing waits in memory: what the line cannot take
 * is left out, and a key frame follows when it can.
 */
export function startRecorder(sink: Sink, generation: number, unseen?: Pick<Unseen, "mark">): Recording {
  const shown = new Set<string>();
  const words = ownVocabulary((text) => shown.has(text));
  const calm = quiet((id) => record.mirror.getNode(id));
  let batch: eventWithTime[] = [];
  let head: eventWithTime | null = null; // the Meta that comes before a full snapshot
  let [epoch, seq, ahead] = [0, 0, 0];
  let dirty = false;
  let seen = true;
  let [credit, credited] = [burst, Date.now()];
  let lastKey = 0;
  let keyTimer: ReturnType<typeof setTimeout> | undefined;
  let line = Promise.resolve();
  let stopped = false;
  let stopRecord: (() => void) | undefined;
  let inline = import.meta.env.DEV;

  const say = (text: string, element: HTMLElement | null): string => {
    if (text.trim() === "") return text;
    if (!element?.closest("[data-mirror=show]")) return words.say(text);
    if (shown.size >= maxShown) shown.clear();
    shown.add(text);
    return text;
  };

  const takeKey = () => {
    keyTimer = undefined;
    if (stopped || !seen) return;
    lastKey = Date.now();
    if (document.getElementsByTagName("*").length > maxElements) return miss("big");
    if (stopRecord) record.takeFullSnapshot();
    else begin();
  };
  const again = () => {
    clearTimeout(keyTimer);
    dirty = true;
    batch = [];
    stopRecord?.();
    stopRecord = undefined;
    takeKey();
  };
  // Nothing watches a page of which there is no picture: it would cost the customer's phone for nobody.
  const miss = (why: Blind) => {
    dirty = true;
    batch = [];
    stopRecord?.();
    stopRecord = undefined;
    sink.sight(why);
  };
  const key = () => {
    keyTimer ??= setTimeout(takeKey, Math.max(0, lastKey + keyPause - Date.now()));
  };

  const spend = (bytes: number): boolean => {
    const now = Date.now();
    credit = Math.min(burst, credit + ((now - credited) * rate) / 1000);
    credited = now;
    if (bytes > credit) return false;
    credit -= bytes;
    return true;
  };

  const sendKey = (meta: eventWithTime | null, full: eventWithTime) => {
    const events = [meta && scrub(meta, words), scrub(full, words)].filter((event) => event !== null);
    batch = [];
    dirty = false; // what happens while this is packed follows it
    calm.forget();
    epoch += 1;
    seq = 0;
    const at = { generation, epoch };
    queue(events, (body) => {
      const frames = events.length < 2 ? null : encodeKey(body, at);
      if (!frames) {
        lastKey = Date.now() + longPause - keyPause;
        return miss("big");
      }
      sink.sight("");
      for (const frame of frames) sink.send(frame);
    });
  };
  const queue = (events: eventWithTime[], send: (body: Uint8Array) => void) => {
    ahead += 1;
    line = line.then(async () => {
      const body = await pack(events).catch(() => null);
      ahead -= 1;
      if (stopped) return;
      if (body) send(body);
      else miss("browser");
    });
  };

  const flush = () => {
    const events = batch.map((event) => scrub(event, words)).filter((event) => event !== null).flatMap(calm.pass);
    batch = [];
    if (dirty && sink.waiting() < drainedAt && ahead === 0 && spend(0) && credit > burst / 4) key();
    if (events.length === 0 || dirty || !seen) return;
    if (sink.waiting() > fullAt || ahead >= maxAhead || events.length > maxEvents) {
      dirty = true;
      return;
    }
    seq += 1;
    const at = { kind: kindDelta, part: 0, parts: 1, generation, epoch, seq };
    queue(events, (body) => {
      if (dirty) return;
      if (body.length > maxDelta || !spend(body.length)) {
        dirty = true;
        return;
      }
      sink.send(encode(at, body));
    });
  };

  const begin = () => {
    if (!canPack()) return miss("browser");
    unseen?.mark();
    stopRecord = watchPage(
      (event) => {
        if (stopped) return;
        if (event.type === 4) head = event;
        else if (event.type === 2) sendKey(head, event);
        else if (seen && !dirty && epoch > 0) batch.push(event);
      },
      { say, inline },
    );
    if (!stopRecord) miss("browser");
  };
  // It was there before rrweb's own, so it is told first: what comes back is hidden before it is looked at.
  const marks = unseen && new MutationObserver(() => {
    if (unseen.mark().some((element) => stopRecord && record.mirror.getId(element) > 0)) again();
  });
  marks?.observe(document, { subtree: true, childList: true, characterData: true });
  takeKey();
  const timer = setInterval(flush, batchTime);

  return {
    key,
    again,
    inline: () => {
      if (inline) return key();
      inline = true;
      again();
    },
    watch: (now) => {
      if (now === seen) return;
      seen = now;
      batch = [];
      dirty = true;
      if (seen) key();
    },
    stop: () => {
      stopped = true;
      marks?.disconnect();
      clearInterval(timer);
      clearTimeout(keyTimer);
      stopRecord?.();
    },
    nodeOf: (id) => record.mirror.getNode(id),
    epoch: () => epoch,
    seq: () => seq,
  };
}

type Way = { say: (text: string, element: HTMLElement | null) => string; inline: boolean };

function watchPage(emit: (event: eventWithTime) => void, { say, inline }: Way) {
  return record({
    emit,
    maskInputOptions: { input: true, textarea: true, select: true } as never, // by tag name, which covers hidden inputs too
    maskInputFn: (text) => (text === "" ? "" : hidden),
    maskTextSelector: "*",
    maskTextFn: say,
    blockSelector: blocked,
    inlineStylesheet: inline,
    slimDOMOptions: "all",
    recordCanvas: false,
    collectFonts: false,
    recordCrossOriginIframes: false,
    sampling: { mousemove: 100, scroll: 150, input: "last" },
    errorHandler: () => true, // an observer of ours must never break the page
  });
}
