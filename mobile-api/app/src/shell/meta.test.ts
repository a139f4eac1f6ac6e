import { expect, test } from "vitest";
import { filled } from "./meta";

test("a page that no server has filled says nothing", () => {
  expect(["{{.Operator}}", "", " ", undefined, " Fibre "].map(filled)).toEqual(["", "", "", "", "Fibre"]);
});
