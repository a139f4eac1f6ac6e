import { useCallback, useEffect, useRef } from "react";
import { answer, api } from "../api/client";
import { openLine, type SupportLine } from "./line";
import { type DialogName, openDialog } from "./dialog";
import type { Blind, Gesture, Incoming, ScreenWord } from "./message";
import { type Recording, startRecorder } from "./recorder";
import type { ScreenName } from "./route";

const unseen = 15_000; // without a word that somebody looks: nobody does
const beatSeen = 500;
const beatUnseen = 5_000;

type Options = {
  home: string;
  session: string;
  screen: ScreenName;
  gesture: (word: Gesture, nodeOf: (id: number) => Node | null) => void;
  /** Gets each frame that is sent. */
  tee: (frame: Uint8Array<ArrayBuffer>) => void;
};

type Now = { line: SupportLine | null; recording: Recording | null; report: (() => void) | null };

/** Joins the recorder and the socket: records only while somebody looks. `key` asks for a key frame. */
export function useScreenLine(options: Options): { key: () => void } {
  const { home, session, screen } = options;
  const latest = useRef(options);
  const state = useRef<Now>({ line: null, recording: null, report: null });
  useEffect(() => {
    latest.current = options;
  });

  useEffect(() => {
    const now = state.current;
    let generation = 0;
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
      now.recording = startRecorder(sink, generation);
      report();
    };
    const drop = () => {
      now.recording?.stop();
      now.recording = null;
    };
    const hear = (word: Incoming) => {
      switch (word.type) {
        case "session":
          if (word.generation !== generation) drop(); // another connection: its pictures are counted anew
          generation = word.generation;
          return;
        case "seen":
          return seen();
        case "key.want":
          seen();
          report();
          return now.recording?.key();
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

  return { key: useCallback(() => state.current.recording?.key(), []) };
}

const ticketOf = (home: string, session: string) => async () =>
  (await answer(api.POST("/homes/{home}/support/{session}/ticket", { params: { path: { home, session } } }))).ticket;
