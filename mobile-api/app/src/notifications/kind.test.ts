import { describe, expect, it } from "vitest";
import { known, muting } from "./kind";

describe("what to hear of", () => {
  it("is what can come to an adult or a child", () => {
    const all = ["ask", "answer", "cut", "device", "box", "hours"];
    expect(known(all, true)).toEqual(["ask", "device", "box", "hours"]);
    expect(known(all, false)).toEqual(["answer", "cut"]);
    expect(known(["ask"], false)).toEqual([]);
  });

  it("changes one kind and leaves the others", () => {
    expect(muting([], "ask", true)).toEqual(["ask"]);
    expect(muting(["ask", "answer"], "ask", false)).toEqual(["answer"]);
    expect(muting(["answer", "later", "hours"], "ask", true)).toEqual(["hours", "answer", "ask"]);
  });
});
