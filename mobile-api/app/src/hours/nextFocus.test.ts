import { expect, it } from "vitest";
import { nextFocus } from "./nextFocus";

it("the focus goes with the block that moved", () => {
  expect(nextFocus({ what: "selected", at: 0, count: 3, mine: 2 })).toBe(2);
  expect(nextFocus({ what: "selected", at: 1, count: 3, mine: -1 })).toBe(1);
});

it("the focus goes to the next block where one was taken out, to the one before at the end, to the week when none is left", () => {
  expect(nextFocus({ what: "neighbour", at: 1, count: 3, mine: -1 })).toBe(1);
  expect(nextFocus({ what: "neighbour", at: 3, count: 3, mine: -1 })).toBe(2);
  expect(nextFocus({ what: "neighbour", at: 0, count: 0, mine: -1 })).toBeNull();
});
