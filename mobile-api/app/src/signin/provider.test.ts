import { expect, test } from "vitest";
import { reasonOf } from "./provider";

test("a reason is one of ours or none", () => {
  expect(reasonOf("?provider=outsider")).toBe("outsider");
  expect(reasonOf("?provider=__proto__")).toBeNull();
  expect(reasonOf("?provider=")).toBeNull();
  expect(reasonOf("")).toBeNull();
});
