import { expect, test } from "vitest";
import { keepStopped, readStopped } from "./stopped";

function store(text: string | null = null) {
  let kept = text;
  return { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) };
}

test("what was stopped is known after a restart, the newest of it", () => {
  const phone = store();
  keepStopped(new Set(Array.from({ length: 25 }, (_, n) => `s${String(n)}`)), phone);
  const known = readStopped(phone);
  expect(known.size).toBe(20);
  expect(known.has("s24")).toBe(true);
  expect(known.has("s4")).toBe(false);
});

test("a phone that keeps nothing, or nonsense, stops all the same", () => {
  const full = () => {
    throw new Error("full");
  };
  expect(() => keepStopped(new Set(["s1"]), { getItem: full, setItem: full })).not.toThrow();
  expect(readStopped({ getItem: full, setItem: full }).size).toBe(0);
  for (const text of [null, "{", '{"a":1}', "[1,null]"]) expect(readStopped(store(text)).size).toBe(0);
});
