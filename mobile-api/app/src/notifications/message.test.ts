import { describe, expect, it } from "vitest";
import { addressOf, messageOf } from "./message";

describe("what wakes the browser", () => {
  it("is said with its title, in the place of its predecessor", () => {
    expect(messageOf('{"kind":"ask","home":"h","screen":"home","ask":"a","tag":"ask:a","title":"Léo"}')).toEqual({
      title: "Léo",
      tag: "ask:a",
      silent: false,
      to: { screen: "home", home: "h" },
    });
    expect(messageOf('{"kind":"cut","home":"h","tag":"t","title":"T","silent":true}').silent).toBe(true);
  });

  it("opens the screen of its home, and none that it does not know", () => {
    const at = (screen: string, home: string) => addressOf(messageOf(JSON.stringify({ title: "T", screen, home })).to);
    expect(at("activity", "h1")).toBe("/activity?home=h1");
    expect(at("help", "h1")).toBe("/help?home=h1");
    expect(at("home", "h 1&x=/")).toBe("/?home=h%201%26x%3D%2F");
    expect(at("https://elsewhere.example/", "")).toBe("/");
  });

  it("is said plainly where it cannot be read", () => {
    for (const data of [undefined, "", "null", "{}", '{"title":1,"tag":"x"}', "7"]) {
      expect(messageOf(data)).toEqual({ title: "Carebox", tag: "", silent: false, to: { screen: "home", home: "" } });
    }
  });
});
