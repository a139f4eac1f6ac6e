import { useCallback, useEffect, useRef } from "react";
import { answer, api } from "../api/client";
import { openLine, type SupportLine } from "./line";
import { buildOf } from "./build";
import { type DialogName, openDialog } from "./dialog";
import type { Blind, Gesture, Incoming, ScreenWord } from "./message";
import { type Recording, startRecorder } from "./recorder";
import type { Spot } from "./replay/word";
import type { ScreenName } from "./route";
import type { Unseen } from "./unseen";

const unseen = 15_000; // without a word that somebody looks: nobody does
const beatSeen = 500;
const beatUnseen = 5_000;

type Options = {
  home: string;
  session: string;
  screen: ScreenName;
  gesture: (word: Gesture, nodeOf: (id: number) => Node | null) => void;
  /** What the customer has hidden. */
  unseen: Unseen;
  /** Gets each frame that is sent. */
  tee: (frame: Uint8Array<ArrayBuffer>) => void;
};

export type ScreenLine = {
  /** Asks for a key frame; `inline`: with its style sheets inside. */
  key: (inline?: boolean) => void;
  /** Looks at the page anew: what is hidden has changed. */
  again: () => void;
  /** The page's own element at a place of the picture, null where the picture is not of now. */
  elementAt: (spot: Spot) => Element | null;
};

type Now = { line: SupportLine | null; recording: Recording | null; generation: number; report: (() => void) | null };

/** Joins the recorder and the socket: records only while somebody looks. */
export function useScreenLine(options: Options): ScreenLine {
  const { home, session, screen } = options;
  const latest = useRef(options);
  const state = useRef<Now>({ line: null, recording: null, generation: 0, report: null });
  useEffect(() => {
    latest.current = options;
  });

  useEffect(() => {
    const now = state.current;
    let generation = 0;
    let [inlined, other] = [false, false];
    const build = buildOf();
    let seenAt = 0;
    let beaten = 0;
    let dialog: DialogName | "" = "";
    let blind: Blind | "" = "";
    const report = () => {
      const over = { ...(dialog && { dialog }), ...(blind && { blind }) };
      const word: ScreenWord = { type: "screen", route: latest.current.screen, ...over, width: window.innerWidth, height: window.innerHeight };
      now.line?.say(word);
    };
    now.report = report;
    const seen = () => {
      seenAt = Date.now();
      if (now.recording) return now.recording.watch(true);
      const sink = {
        send: (frame: Uint8Array<ArrayBuffer>) => {
          now.line?.send(frame);
          latest.current.tee(frame);
        },
        waiting: () => now.line?.waiting() ?? 0,
        sight: (why: Blind | "") => {
          if (why === blind) return;
          blind = why;
          report();
        },
      };
      now.recording = startRecorder(sink, generation, latest.current.unseen);
      now.generation = generation;
      report();
    };
    // Of an older or newer app the one who looks may not get the sheets that this page links.
    const dress = () => {
      if (inlined || !now.recording || !other) return;
      inlined = true;
      now.recording.inline();
    };
    const drop = () => {
      now.recording?.stop();
      now.recording = null;
      inlined = false;
    };
    const hear = (word: Incoming) => {
      switch (word.type) {
        case "session":
          if (word.generation !== generation) drop(); // another connection: its pictures are counted anew
          generation = word.generation;
          return;
        case "seen":
          seen();
          other ||= Boolean(word.build && build && word.build !== build);
          return dress();
        case "key.want":
          seen();
          report();
          dress();
          return word.inline ? now.recording?.inline() : now.recording?.key();
        case "point":
        case "mark":
        case "clear":
        case "show":
        case "go": {
          const old = "epoch" in word && (word.epoch !== now.recording?.epoch() || word.generation !== generation);
          if (!old) latest.current.gesture(word as Gesture, (id) => now.recording?.nodeOf(id) ?? null);
        }
      }
    };
    const begin = () => {
      now.line?.stop();
      now.line = openLine(ticketOf(home, session), { text: hear, state: (to) => (to === "open" ? undefined : drop()) });
    };
    const beat = setInterval(() => {
      const over = openDialog();
      if (over !== dialog) {
        dialog = over;
        report();
      }
      const is = Date.now() - seenAt < unseen;
      if (!is) now.recording?.watch(false);
      if (Date.now() - beaten < (is ? beatSeen : beatUnseen)) return;
      beaten = Date.now();
      const { recording } = now;
      const at = { epoch: recording?.epoch() ?? 0, seq: recording?.seq() ?? 0, buffered: now.line?.waiting() ?? 0 };
      now.line?.say({ type: "beat", ...at, visible: !document.hidden });
    }, beatSeen);
    // The page that the customer looks at is the one that is seen: it takes over from any other.
    let hidden = document.hidden;
    const turn = () => {
      if (hidden && !document.hidden) begin();
      hidden = document.hidden;
    };
    document.addEventListener("visibilitychange", turn);
    begin();
    return () => {
      document.removeEventListener("visibilitychange", turn);
      clearInterval(beat);
      drop();
      now.line?.stop();
      now.line = null;
    };
  }, [home, session]);

  useEffect(() => {
    state.current.report?.();
  }, [screen]);

  const key = useCallback((inline = false) => (inline ? state.current.recording?.inline() : state.current.recording?.key()), []);
  const again = useCallback(() => state.current.recording?.again(), []);
  const elementAt = useCallback(({ generation, epoch, node }: Spot) => {
    const { recording } = state.current;
    if (!recording || generation !== state.current.generation || epoch !== recording.epoch()) return null;
    const found = recording.nodeOf(node);
    return found instanceof Element ? found : (found?.parentElement ?? null);
  }, []);
  return { key, again, elementAt };
}

const ticketOf = (home: string, session: string) => async () =>
  (await answer(api.POST("/homes/{home}/support/{session}/ticket", { params: { path: { home, session } } }))).ticket;
