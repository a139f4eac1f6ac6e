import { expect, test } from "vitest";
import { contactOf } from "./contact";

test("a contact is a link for the phone that shows it", () => {
  expect(contactOf("+33 1 99 00 12 34")).toEqual({ words: "+33 1 99 00 12 34", href: "tel:+33199001234" });
  expect(contactOf("help@carebox.example")).toEqual({ words: "help@carebox.example", href: "mailto:help@carebox.example" });
  expect(contactOf("https://carebox.example/help")).toEqual({
    words: "carebox.example/help",
    href: "https://carebox.example/help",
  });
});

test("without one there is nothing to show", () => {
  expect(contactOf("")).toBeNull();
});

test("nothing else becomes a link that runs", () => {
  expect(contactOf("javascript:alert(1)")?.href).toBe("tel:1");
});
