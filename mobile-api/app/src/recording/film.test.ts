import { expect, it } from "vitest";
import { encode, kindDelta, kindKey } from "../mirror/frame";
import { beginOf, countAt, keyBefore, lengthText, readFilm, sizeText } from "./film";

type Shot = { at: number; kind: number; part?: number; parts?: number; seq?: number };

/** What the server hands out of these. */
function told(shots: Shot[]): ArrayBuffer {
  const parts = shots.map(({ at, kind, part = 0, parts = 1, seq = 0 }) => {
    const frame = encode({ kind, part, parts, generation: 1, epoch: 1, seq }, new Uint8Array([1, 2, 3]));
    const head = new DataView(new ArrayBuffer(12));
    head.setBigUint64(0, BigInt(at));
    head.setUint32(8, frame.length);
    return [...new Uint8Array(head.buffer), ...frame];
  });
  return new Uint8Array(parts.flat()).buffer;
}

const begun = Date.UTC(2026, 10, 22, 10);
const shots: Shot[] = [
  { at: begun, kind: kindKey, part: 0, parts: 2 }, { at: begun + 10, kind: kindKey, part: 1, parts: 2 },
  { at: begun + 1_000, kind: kindDelta, seq: 1 }, { at: begun + 3_600_000, kind: kindDelta, seq: 2 }, // nothing moved for an hour
  { at: begun + 3_600_500, kind: kindKey }, { at: begun + 3_600_400, kind: kindDelta, seq: 1 }, // another replica's clock
];

it("a film has its frames in order, and no long silences", () => {
  const film = readFilm(told(shots));
  expect(film?.times).toEqual([0, 10, 1_000, 4_000, 4_500, 4_500]);
  expect(film?.keys).toEqual([0, 4]);
  expect(film?.length).toBe(4_500);
  expect(film?.shown[3]).toBe(begun + 3_600_000);
});

it("a position has its picture, from the key frame before it", () => {
  const film = readFilm(told(shots));
  if (!film) throw new Error("no film");
  expect([0, 10, 999, 1_000, 4_499, 4_500, 9_999].map((at) => countAt(film, at))).toEqual([1, 2, 2, 3, 4, 6, 6]);
  expect([0, 1, 4, 5, 6].map((count) => keyBefore(film, count))).toEqual([0, 0, 0, 4, 4]);
  expect(beginOf(film)).toBe(10);
});

it("an empty one is one, and what is none is none", () => {
  expect(readFilm(new ArrayBuffer(0))).toMatchObject({ frames: [], length: 0 });
  const good = told(shots);
  for (let cut = 1; cut < good.byteLength; cut += 7) {
    const film = readFilm(good.slice(0, cut));
    if (film) expect(film.frames.length).toBeLessThan(shots.length);
  }
  const random = (n: number) => Uint8Array.from({ length: n }, (_, i) => (n * 31 + i * i * 17) % 256).buffer;
  for (let n = 1; n < 300; n++) expect(readFilm(random(n))).toBeNull();
});

it("lengths and sizes are said as people say them", () => {
  expect([0, 59_999, 61_000, 3_600_000].map(lengthText)).toEqual(["0:00", "0:59", "1:01", "60:00"]);
  expect(sizeText(900, "en-GB")).toBe("1 kB");
  expect(sizeText(1_234_567, "fr-FR").replace(/\s/g, " ")).toBe("1,2 Mo");
});
