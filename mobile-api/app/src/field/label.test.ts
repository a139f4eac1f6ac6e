import { describe, expect, it } from "vitest";
import { candidates, inGroups, readLabel } from "./label";

describe("a label", () => {
  it("is read from its QR code", () => {
    expect(readLabel("carebox:cb-0009:ABCD-EFGH-JKMN-PQRS")).toBe("cb-0009");
    expect(readLabel(" CAREBOX:CB-0009:abcdefghjkmnpqrs\n")).toBe("cb-0009");
  });

  it.each(["", "https://example.org", "WIFI:S:home;;", "carebox:cb-0009", "carebox:cb-0009:", "carebox::ABCD-EFGH-JKMN-PQRS",
    "carebox:cb-0009:ABCD:more", "carebox:../etc:ABCD-EFGH-JKMN-PQRS", "carebox:cb-0009:<script>"])("is not %j", (text) => {
    expect(readLabel(text)).toBeNull();
  });

  it("has a serial that a person may misread", () => {
    expect(candidates(" CB-0OO9 ", ["", "cb-0009"])).toEqual(["cb-0009", "cb-0oo9"]);
    expect(candidates("CB 0OO9", ["cb-0009"])[0]).toBe("cb-0009");
    expect(candidates("cb-0010", ["cb-0009"])).toEqual(["cb-0010"]);
    expect(candidates("col-1OI2")).toEqual(["col-1oi2", "col-1012"]);
    expect(candidates("../x")).toEqual([]);
    expect(candidates("")).toEqual([]);
  });

  it("is compared in groups", () => {
    expect(inGroups("cb-00091234")).toEqual(["CB", "0009", "1234"]);
    expect(inGroups("")).toEqual([]);
  });
});
