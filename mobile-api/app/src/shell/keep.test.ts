import { expect, it } from "vitest";
import { keep } from "./keep";

it("keeps what there is room for, and breaks nothing where there is none", () => {
  const kept = new Map<string, string>();
  keep("a", "1", { setItem: (key, value) => void kept.set(key, value) });
  expect(kept.get("a")).toBe("1");
  const full = () => {
    throw new DOMException("", "QuotaExceededError");
  };
  expect(() => keep("a", "2", { setItem: full })).not.toThrow();
});
