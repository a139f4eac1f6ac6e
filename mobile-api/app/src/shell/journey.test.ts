import { beforeEach, expect, it } from "vitest";
import { forgetSteps, journeySteps, noteStep } from "./journey";

beforeEach(forgetSteps);

it("keeps the newest thirty, in order", () => {
  for (let n = 0; n < 40; n++) noteStep("look", `/person/${n}`);
  expect(journeySteps()).toHaveLength(30);
  expect(journeySteps().at(0)?.screen).toBe("/person/10");
  expect(journeySteps().at(-1)?.screen).toBe("/person/39");
});

it("a screen looked at again at once is one step, a change on it another", () => {
  noteStep("look", "/tv");
  noteStep("look", "/tv");
  noteStep("failed", "/tv", "too-high");
  noteStep("look", "/tv");
  expect(journeySteps().map(({ did, detail }) => [did, detail])).toEqual([["look", undefined], ["failed", "too-high"], ["look", undefined]]);
});

it("is as long as the server takes at most", () => {
  noteStep("look", `/${"x".repeat(300)}`, "y".repeat(400));
  expect(journeySteps()[0]?.screen).toHaveLength(200);
  expect(journeySteps()[0]?.detail).toHaveLength(300);
});
