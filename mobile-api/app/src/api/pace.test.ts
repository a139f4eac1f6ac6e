import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./pace";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a few at once, then two a second, and the last is never lost", () => {
  const look = vi.fn();
  const pace = paced(look);
  for (let i = 0; i < 100; i++) pace.call();
  expect(look).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(500);
  expect(look).toHaveBeenCalledTimes(4); // all that came meanwhile are one
  vi.advanceTimersByTime(10_000);
  expect(look).toHaveBeenCalledTimes(4);
  pace.call();
  expect(look).toHaveBeenCalledTimes(5);
});

test("who calls all the time is heard twice a second", () => {
  const look = vi.fn();
  const pace = paced(look);
  for (let i = 0; i < 100; i++) {
    pace.call();
    vi.advanceTimersByTime(100);
  }
  expect(look.mock.calls.length).toBeGreaterThan(20);
  expect(look.mock.calls.length).toBeLessThan(25);
});

test("stopped, nothing comes after", () => {
  const look = vi.fn();
  const pace = paced(look);
  for (let i = 0; i < 5; i++) pace.call();
  pace.stop();
  vi.advanceTimersByTime(5_000);
  expect(look).toHaveBeenCalledTimes(3);
});
