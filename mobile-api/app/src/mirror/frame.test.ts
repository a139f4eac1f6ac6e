import { describe, expect, it } from "vitest";
import { decode, encode, encodeKey, kindDelta, kindKey, maxDelta, maxKey, maxPart, pack, unpack } from "./frame";

const at = { generation: 7, epoch: 3 };

describe("frames", () => {
  it("come back as they were", async () => {
    const body = await pack([{ a: "é" }]);
    const frame = encode({ ...at, kind: kindDelta, part: 0, parts: 1, seq: 9 }, body);
    const found = decode(frame);
    expect(found?.head).toEqual({ ...at, kind: kindDelta, part: 0, parts: 1, seq: 9 });
    expect(await unpack(found?.body ?? new Uint8Array())).toEqual([{ a: "é" }]);
  });

  it("are cut where a key is long, and not at all where it is too long", () => {
    const body = new Uint8Array(maxPart + 1).fill(7);
    const parts = encodeKey(body, at)?.map(decode);
    expect(parts?.map((part) => part?.head.part)).toEqual([0, 1]);
    expect(parts?.reduce((sum, part) => sum + (part?.body.length ?? 0), 0)).toBe(body.length);
    expect(encodeKey(new Uint8Array(maxKey), at)).toHaveLength(8);
    expect(encodeKey(new Uint8Array(maxKey + 1), at)).toBeNull();
  });

  it("are refused where they are none", () => {
    const good = { ...at, kind: kindDelta, part: 0, parts: 1, seq: 1 };
    const bad = [
      { ...good, kind: 3 }, { ...good, seq: 0 }, { ...good, parts: 2 }, { ...good, part: 1 },
      { ...good, kind: kindKey }, { ...good, kind: kindKey, seq: 0, part: 1 }, { ...good, kind: kindKey, seq: 0, parts: 9 },
    ];
    for (const head of bad) expect(decode(encode(head, new Uint8Array(4)))).toBeNull();
    expect(decode(encode(good, new Uint8Array(maxDelta + 1)))).toBeNull();
    expect(decode(new Uint8Array(15))).toBeNull();
    for (let i = 0; i < 5000; i++) decode(Uint8Array.from({ length: i % 40 }, (_, n) => (i * 31 + n * 17) & 255));
  });

  it("do not unpack without an end", async () => {
    const bomb = await pack("a".repeat(3_000_000));
    expect(bomb.length).toBeLessThan(20_000);
    await expect(unpack(bomb, 1_000_000)).rejects.toThrow("more than");
    await expect(unpack(Uint8Array.of(1, 2, 3))).rejects.toThrow();
  });
});
