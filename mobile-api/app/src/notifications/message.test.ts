import { describe, expect, it } from "vitest";
import { messageOf } from "./message";

describe("what wakes the browser", () => {
  it("is said with its title, in the place of its predecessor", () => {
    expect(messageOf('{"kind":"ask","home":"h","ask":"a","tag":"ask:a","title":"Léo"}')).toEqual({ title: "Léo", tag: "ask:a" });
  });

  it("is said plainly where it cannot be read", () => {
    for (const text of [undefined, "", "null", "{}", '{"title":1}']) expect(messageOf(text)).toEqual({ title: "Carebox", tag: "" });
  });
});
