import { expect, it } from "vitest";
import { Refusal, Unreachable } from "../api/refusal";
import { endSession, isEnded, owesEnd } from "./signedOut";

function phone() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

const ended = () => Promise.resolve();
const away = () => Promise.reject(new Unreachable("no network"));
const refused = (status: number) => () => Promise.reject(new Refusal(new Response(null, { status }), null));

it("is told at once where somebody answers", async () => {
  for (const answered of [ended, refused(401)]) {
    const store = phone();
    await endSession(answered, store);
    expect(owesEnd(store)).toBe(false);
    expect(await isEnded(away, store)).toBe(true);
  }
});

it("is told later where nobody does, and nobody comes in by the session before", async () => {
  for (const silent of [away, refused(503), refused(429)]) {
    const store = phone();
    await endSession(silent, store);
    expect(await isEnded(silent, store)).toBe(false);
    expect(await isEnded(ended, store)).toBe(true);
    expect(owesEnd(store)).toBe(false);
  }
});
