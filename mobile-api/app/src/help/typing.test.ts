import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { heardTyping, hush, isTyping, typist } from "./typing";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("somebody is believed to write for some seconds after it was said, or until their message is there", () => {
  heardTyping("a");
  vi.advanceTimersByTime(5_900);
  expect([isTyping("a"), isTyping("b")]).toEqual([true, false]);
  vi.advanceTimersByTime(200);
  expect(isTyping("a")).toBe(false);
  heardTyping("a");
  hush("a");
  expect(isTyping("a")).toBe(false);
});

test("it is said now and then while somebody writes, never for blanks, and a failure troubles nobody", async () => {
  const say = vi.fn(() => Promise.reject(new Error("offline")));
  const typing = typist(say);
  typing(" ");
  expect(say).not.toHaveBeenCalled();
  for (let i = 0; i < 10; i++) {
    typing("a".repeat(i + 1));
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(say).toHaveBeenCalledTimes(2);
  expect(say).toHaveBeenCalledWith();
});
