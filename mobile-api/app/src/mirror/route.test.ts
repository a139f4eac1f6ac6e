import { expect, expectTypeOf, it } from "vitest";
import type { router } from "../shell/router";
import { isAnchor } from "./anchor";
import { nameOf, type Path, pathOf } from "./route";

it("has a line for every screen of the app, and for no other", () => {
  expectTypeOf<Path>().toEqualTypeOf<keyof (typeof router)["routesByPath"]>(); // judged by the compiler
});

it("leads to screens by name, with what each needs", () => {
  expect(pathOf("home", undefined)).toBe("/");
  expect(pathOf("person", { id: "leo" })).toBe("/person/leo");
  expect(pathOf("hours", { kind: "person", id: "leo" })).toBe("/hours/person/leo");
  expect(pathOf("members", undefined)).toBe("/members");
});

it("leads nowhere else", () => {
  const ids = ["", "..", "../x", "a/b", "a%2fb", "?x", "#x", "a b", "x".repeat(65), 7, null, {}];
  for (const id of ids) expect(pathOf("person", { id }), String(id)).toBeNull();
  for (const name of ["/members", "join", "sign-in", "support", "javascript:alert(1)", "//evil.example", "__proto__", "constructor", "", null, 1]) {
    expect(pathOf(name, {}), String(name)).toBeNull();
  }
  expect(pathOf("person", {})).toBeNull();
  expect(pathOf("home", { id: "leo" })).toBeNull();
  expect(pathOf("members", { id: "leo" })).toBeNull();
  expect(pathOf("person", { id: "leo", kind: "x" })).toBeNull();
  expect(pathOf("person", JSON.parse('{"__proto__":"leo"}'))).toBeNull();
  expect(pathOf("hours", { kind: "evil", id: "leo" })).toBeNull();
});

it("names the screen of a path, without who it is about", () => {
  expect(nameOf("/person/leo")).toBe("person");
  expect(nameOf("/")).toBe("home");
  expect(nameOf("/members")).toBe("members");
  expect(nameOf("/help/case/x")).toBe("case");
  expect(nameOf("/help/guide/tv-freezes")).toBe("guide");
  expect(nameOf("/nowhere")).toBe("other");
  expect(nameOf("/join")).toBe("other");
});

it("knows anchors by name alone", () => {
  expect(isAnchor("pause")).toBe(true);
  for (const name of ["#root", "*", "body", "constructor", null, 1]) expect(isAnchor(name), String(name)).toBe(false);
});
