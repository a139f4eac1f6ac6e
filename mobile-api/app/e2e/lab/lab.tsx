import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/global.css";
import "../../src/mantine.css";
import { createRoot } from "react-dom/client";
import { startWords } from "../../src/i18n/i18n";
import { type Recording, startRecorder } from "../../src/mirror/recorder";
import { Player } from "../../src/mirror/replay/player";
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
};

declare global {
  interface Window {
    lab: Lab;
  }
}

const text = (frame: Uint8Array) => btoa(Array.from(frame, (byte) => String.fromCharCode(byte)).join(""));



const lab: Lab = {
  planted,
  parts: Object.keys(kit),
  show: () => createRoot(document.getElementById("root") ?? document.body).render(<Kit />),
  frames: [],
  recording: null,
  start: (generation = 1) => {
    const sink = { send: (frame: Uint8Array) => lab.frames.push(text(frame)), waiting: () => 0, sight: () => undefined };
    lab.recording = startRecorder(sink, generation);
  },
  stop: () => {
    lab.recording?.stop();
    lab.recording = null;
  },
  Player,
};
void startWords().then(() => (window.lab = lab));
