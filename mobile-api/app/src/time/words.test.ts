import { describe, expect, it } from "vitest";
import { typeset } from "../i18n/typeset";
import { addDays, dateOf, dayOf, dayRange, instant, localeOf, moment, type Reader, span, wall, weekOf } from "./words";

const fr: Reader = { language: "fr", locale: "fr-FR", zone: "Europe/Paris" };
const en: Reader = { language: "en", locale: "en-GB", zone: "Europe/Paris" };
const now = new Date("2026-11-22T17:00:00Z");

describe("moments", () => {
  it("are said as people say them, in the home's zone", () => {
    expect(moment(new Date("2026-11-22T18:00:00Z"), now, en)).toBe("19:00");
    expect(moment(new Date("2026-11-23T06:00:00Z"), now, fr)).toBe("demain 07:00");
    expect(moment(new Date("2026-11-25T06:00:00Z"), now, fr)).toBe("mercredi 07:00");
    expect(moment(new Date("2026-12-25T06:00:00Z"), now, en)).toBe("25 Dec 07:00");
    expect(moment(new Date("2026-11-22T23:30:00Z"), now, en)).toBe("tomorrow 00:30");
  });

  it("find the home's wall clock on the days of change", () => {
    expect(instant("2026-10-25", 12 * 60, "Europe/Paris").toISOString()).toBe("2026-10-25T11:00:00.000Z");
    expect(instant("2026-03-29", 12 * 60, "Europe/Paris").toISOString()).toBe("2026-03-29T10:00:00.000Z");
    expect(dateOf(new Date("2026-11-22T23:30:00Z"), "Europe/Paris")).toBe("2026-11-23");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(dayOf("2026-11-22")).toBe("Sunday");
  });

  it("say lengths and hours past midnight", () => {
    expect(span(70)).toBe("1\u00a0h\u00a010");
    expect(span(45)).toBe("45\u00a0min");
    expect(wall(31 * 60, en)).toBe("07:00");
  });
});

describe("days", () => {
  it("that follow each other are a run, round the week's end too", () => {
    expect(dayRange(["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday"], en)).toBe("Sun–Thu");
    expect(dayRange(["Friday", "Saturday"], fr)).toBe("ven., sam.");
    expect(dayRange(["Monday", "Wednesday"], en)).toBe("Mon, Wed");
  });

  it("begin where the reader's week does", () => {
    expect(weekOf("fr-FR")[0]).toBe("Monday");
    expect(weekOf("en-US")[0]).toBe("Sunday");
    expect(localeOf("en", ["fr-FR", "en-US"])).toBe("en-US");
    expect(localeOf("fr", ["en-GB"])).toBe("fr-FR");
  });
});

describe("French typesetting", () => {
  it("has narrow no-break spaces where French has them", () => {
    expect(typeset("Pourquoi ? « Nuit » : oui ; non !")).toBe(
      "Pourquoi\u202f? «\u202fNuit\u202f»\u00a0: oui\u202f; non\u202f!",
    );
  });
});
