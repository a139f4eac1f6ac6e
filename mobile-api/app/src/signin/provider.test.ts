import { expect, test } from "vitest";
import { providerOf, reasonOf } from "./provider";

test("a reason is one of ours or none", () => {
  expect(reasonOf("?provider=outsider")).toBe("outsider");
  expect(reasonOf("?provider=__proto__")).toBeNull();
  expect(reasonOf("?provider=")).toBeNull();
  expect(reasonOf("")).toBeNull();
});

test("a provider has a name, or there is none", () => {
  expect(providerOf(" Acme ")).toBe("Acme");
  expect(providerOf("{{.Provider}}")).toBe("");
  expect(providerOf(undefined)).toBe("");
});
