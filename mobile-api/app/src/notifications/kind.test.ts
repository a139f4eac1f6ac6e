import { describe, expect, it } from "vitest";
import { known, muting } from "./kind";

describe("what to hear of", () => {
  it("is what can come to an adult or a child", () => {
    expect(known(["ask", "answer"], true)).toEqual(["ask"]);
    expect(known(["ask", "answer"], false)).toEqual(["answer"]);
    expect(known(["ask"], false)).toEqual([]);
  });

  it("changes one kind and leaves the others", () => {
    expect(muting([], "ask", true)).toEqual(["ask"]);
    expect(muting(["ask", "answer"], "ask", false)).toEqual(["answer"]);
    expect(muting(["answer", "later"], "ask", true)).toEqual(["answer", "ask"]);
  });
});
