import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "../../src/mantine.css";
import { createRoot } from "react-dom/client";
import { startWords } from "../../src/i18n/i18n";
import { encode, encodeKey, pack } from "../../src/mirror/frame";
import { type Recording, startRecorder } from "../../src/mirror/recorder";
import { Player } from "../../src/mirror/replay/player";
import { chance, type Chaos, chaosOf } from "./chaos";
import { Kit, kit, planted } from "./kit";

/** What a test may ask of the page. */
export type Lab = {
  planted: Record<string, string>;
  parts: string[];
  /** Shows one of each part. */
  show: () => void;
  frames: string[];
  recording: Recording | null;
  start: (generation?: number) => void;
  stop: () => void;
  Player: typeof Player;
  /** A page that changes by chance, with its picture at the end of a bad line. */
  chaos: () => Chaos;
  chance: typeof chance;
  pack: typeof pack;
  encode: typeof encode;
  encodeKey: typeof encodeKey;
};

declare global {
  interface Window {
    lab: Lab;
  }
}

const text = (frame: Uint8Array) => btoa(Array.from(frame, (byte) => String.fromCharCode(byte)).join(""));

const sinkTo = (send: (frame: Uint8Array) => void, waiting = () => 0) => ({ send, waiting, sight: () => undefined });

const lab: Lab = {
  planted,
  parts: Object.keys(kit),
  show: () => createRoot(document.getElementById("root") ?? document.body).render(<Kit />),
  frames: [],
  recording: null,
  start: (generation = 1) => {
    lab.recording = startRecorder(sinkTo((frame) => lab.frames.push(text(frame))), generation);
  },
  stop: () => {
    lab.recording?.stop();
    lab.recording = null;
  },
  Player,
  chaos: () => chaosOf((send, waiting) => startRecorder(sinkTo(send, waiting), 1)),
  chance,
  pack,
  encode,
  encodeKey,
};
void startWords().then(() => (window.lab = lab));
