import { decode, kindKey } from "../mirror/frame";

/** A recording: the frames as they were shown, and when in the playing each is drawn (milliseconds). */
export type Film = { frames: Uint8Array[]; times: number[]; shown: number[]; keys: number[]; length: number };

const headLength = 12;
const silence = 3_000; // longer ones are shortened to this
const maxFrames = 200_000;

/**
 * Reads what the server hands out: for each frame when it was shown (milliseconds since 1970, 8 bytes), its length (4), and
 * itself. Null: it is none.
 */
export function readFilm(bytes: ArrayBuffer): Film | null {
  const film: Film = { frames: [], times: [], shown: [], keys: [], length: 0 };
  const view = new DataView(bytes);
  let at = 0;
  while (at < bytes.byteLength) {
    if (bytes.byteLength - at < headLength || film.frames.length >= maxFrames) return null;
    const shown = Number(view.getBigUint64(at));
    const length = view.getUint32(at + 8);
    at += headLength;
    if (length > bytes.byteLength - at) return null;
    const frame = new Uint8Array(bytes, at, length);
    at += length;
    const found = decode(frame);
    if (!found) return null;
    if (found.head.kind === kindKey && found.head.part === 0) film.keys.push(film.frames.length);
    const before = film.shown.at(-1) ?? shown;
    film.length += Math.min(Math.max(shown - before, 0), silence);
    film.frames.push(frame);
    film.times.push(film.length);
    film.shown.push(shown);
  }
  return film;
}

/** How many frames have been drawn at a position. */
export function countAt(film: Film, position: number): number {
  let [low, high] = [0, film.times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((film.times[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** From which frame on a picture of so many is drawn. */
export function keyBefore(film: Film, count: number): number {
  return film.keys.findLast((key) => key < count) ?? 0;
}

/** Where there is something to see first: the end of the first key frame. */
export function beginOf(film: Film): number {
  const parts = (film.frames[0] && decode(film.frames[0])?.head.parts) ?? 1;
  return film.times[Math.min(parts, film.times.length) - 1] ?? 0;
}

/** "3:07" of milliseconds. */
export function lengthText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** "1.2 MB", "3 KB". */
export function sizeText(bytes: number, locale: string): string {
  const [unit, value] = bytes < 1_000_000 ? ["kilobyte", Math.ceil(bytes / 1000)] : ["megabyte", Math.round(bytes / 100_000) / 10];
  return new Intl.NumberFormat(locale, { style: "unit", unit: String(unit), unitDisplay: "short" }).format(Number(value));
}
