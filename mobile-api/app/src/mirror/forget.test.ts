import { expect, it } from "vitest";
import { forgetUnseen } from "./forget";

function storeOf(...keys: string[]) {
  const kept = new Set(keys);
  const store = {
    removeItem: (key: string) => void kept.delete(key),
    key: (n: number) => [...kept][n] ?? null,
    get length() {
      return kept.size;
    },
  };
  return { store, kept };
}

it("of what was hidden only the session that goes on is kept, and nothing once somebody signs out", () => {
  const { store, kept } = storeOf("carebox.unseen.a", "carebox.language", "carebox.unseen.b", "carebox.unseen.c");
  forgetUnseen("b", store);
  expect([...kept]).toEqual(["carebox.language", "carebox.unseen.b"]);
  forgetUnseen("", store);
  expect([...kept]).toEqual(["carebox.language"]);
});
