import { expect, it } from "vitest";
import type { Me } from "../api/client";
import { entrancesOf } from "./entrance";

const me = (staff: string, homes: number) =>
  ({ member: { id: "m", name: "", email: "", language: "en", staff }, homes: Array.from({ length: homes }, () => ({})) }) as unknown as Me;

it("offers the doors that are open", () => {
  expect(entrancesOf(me("", 1))).toEqual(["home"]);
  expect(entrancesOf(me("technician", 0))).toEqual(["field"]);
  expect(entrancesOf(me("admin", 1))).toEqual(["home", "field", "support"]);
  expect(entrancesOf(me("support", 0))).toEqual(["support"]);
});
