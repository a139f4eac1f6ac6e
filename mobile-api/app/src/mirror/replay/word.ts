import type { Head } from "../frame";

/** Where in the picture somebody points: a node of it, and the fraction of its width and height. */
export type Spot = { generation: number; epoch: number; node: number; fx: number; fy: number };

/** What the picture's page is told by the one that it stands in. */
export type ToPicture =
  | { type: "frame"; frame: ArrayBuffer }
  /** Frames of a recording, drawn one after the other; `fresh`: nothing of the picture before them holds. Answered by `ran`. */
  | { type: "run"; frames: ArrayBuffer[]; fresh: boolean };

/** What it says itself. */
export type FromPicture =
  | { type: "ready" }
  /** A key frame; `inline`: with its style sheets inside, because those that it linked could not be had. */
  | { type: "want"; inline: boolean }
  | { type: "ran" }
  | { type: "applied"; at: Pick<Head, "generation" | "epoch" | "seq"> }
  | { type: "sized"; width: number; height: number }
  | { type: "spot"; spot: Spot; pressed: boolean };

/** A fraction with what a screen can show of it. */
export const fraction = (part: number, whole: number) => (whole > 0 ? Math.round(Math.min(1, Math.max(0, part / whole)) * 1000) / 1000 : 0);
