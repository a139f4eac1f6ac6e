import { expect, it } from "vitest";
import type { Me } from "../api/client";
import { lookedAt, lostOf } from "./lastHome";

const member = { id: "sam", name: "Sam", email: "sam@home.example", locale: "en" } as Me["member"];
const garden = { id: "h1", name: "Garden", role: "adult", person: "" } as Me["homes"][number];
const sea = { ...garden, id: "h2", name: "Sea" };

it("tells the loss of the home that was looked at, and of no other", () => {
  const last = lookedAt({ member, homes: [garden, sea] }, garden, null);
  expect(lostOf({ member, homes: [garden, sea] }, last)).toBeNull();
  expect(lostOf({ member, homes: [garden] }, last)).toBeNull();
  expect(lostOf({ member, homes: [sea] }, last)).toEqual({ member: "sam", id: "h1", name: "Garden" });
  expect(lostOf({ member, homes: [] }, last)).toBe(last);
});

it("tells nobody who never belonged there", () => {
  const last = lookedAt({ member, homes: [garden] }, garden, null);
  expect(lostOf({ member: { ...member, id: "mia" }, homes: [] }, last)).toBeNull();
  expect(lostOf({ member, homes: [] }, null)).toBeNull();
});

it("remembers a new name, and the same as the same object", () => {
  const last = lookedAt({ member, homes: [garden] }, garden, null);
  expect(lookedAt({ member, homes: [garden] }, garden, last)).toBe(last);
  expect(lookedAt({ member, homes: [garden] }, { ...garden, name: "Yard" }, last).name).toBe("Yard");
});
