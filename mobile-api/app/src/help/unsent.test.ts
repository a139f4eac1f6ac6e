import { expect, it } from "vitest";
import { unsent } from "./unsent";

it("leaves nothing of what was sent, and all that was written meanwhile", () => {
  expect(unsent("The TV freezes ", "The TV freezes ")).toBe("");
  expect(unsent("The TV freezes\nevery evening", "The TV freezes")).toBe("every evening");
});

it("takes nothing away where the beginning was changed meanwhile", () => {
  expect(unsent("My TV freezes", "The TV freezes")).toBe("My TV freezes");
});
