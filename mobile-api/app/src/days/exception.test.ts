import { describe, expect, it } from "vitest";
import type { Policy } from "../api/client";
import { datesIn } from "./calendar";
import { bedtimeOf, daysAhead, hoursOn, usualWindows, windowsOf, withBedtime, withDays, withTonight } from "./exception";

const leo = { person: "leo" };
const policy: Policy = {
  zone: "Europe/Paris", unknown: "allow", effect: "no-internet",
  schedules: [
    { id: "night.leo", for: leo, days: ["Sunday", "Monday"], start: "21:30", duration: 34_200 },
    { id: "homework.leo", for: leo, days: ["Monday"], start: "17:00", duration: 5_400 },
    { id: "night.home", for: { home: true }, days: ["Monday"], start: "23:00", duration: 21_600 },
  ],
  exceptions: [{ id: "old", for: leo, date: "2026-11-23", windows: [] }],
};
const monday = "2026-11-23";

describe("tonight", () => {
  it("moves the bedtime and keeps everything else of the day", () => {
    const usual = usualWindows(policy, leo, monday);
    expect(bedtimeOf(usual)).toEqual({ start: "21:30", duration: 34_200 });
    expect(withBedtime(usual, "22:30")).toEqual([
      { start: "17:00", duration: 5_400 },
      { start: "23:00", duration: 21_600 },
      { start: "22:30", duration: 30_600 },
    ]);
    expect(withBedtime(usual, null)).toHaveLength(2);
  });
});

describe("tonight, on a day that is special already", () => {
  const night = { start: "23:00", duration: 36_000 };
  const lunch = { start: "12:00", duration: 3_600 };
  const birthday = { id: "old", for: leo, date: monday, windows: [lunch, night], name: "Birthday" };
  const holiday = { id: "home", for: { home: true }, date: monday, windows: [lunch], name: "Holiday" };
  const phone = { id: "phone", name: "Phone", kind: "phone", macs: [], person: "leo" } as unknown as NonNullable<Policy["devices"]>[number];
  const on = (...exceptions: NonNullable<Policy["exceptions"]>) => ({ ...policy, devices: [phone], exceptions });

  it("starts from what really holds: the narrowest special day, else the week", () => {
    expect(bedtimeOf(hoursOn(on(birthday), leo, monday).windows)).toEqual(night);
    expect(hoursOn(on(holiday, birthday), leo, monday).special).toEqual(birthday);
    expect(hoursOn(on(holiday, birthday), { device: "phone" }, monday).special).toEqual(birthday);
    expect(hoursOn(on(holiday), leo, monday)).toEqual({ windows: [lunch], special: holiday });
    expect(hoursOn(on({ ...birthday, date: "2026-11-24" }), leo, monday)).toEqual({ windows: usualWindows(policy, leo, monday), special: null });
  });

  it("moves its bedtime and keeps its name and the rest of it", () => {
    const later = withTonight(on(holiday, birthday), leo, monday, "23:30").exceptions;
    const id = `day.leo.${monday}`;
    expect(later).toEqual([holiday, { ...birthday, id, windows: [lunch, { start: "23:30", duration: 34_200 }] }]);
    expect(withTonight(on(birthday), leo, monday, null).exceptions).toEqual([{ ...birthday, id, windows: [lunch] }]);
    expect(withTonight(on(), leo, monday, "22:30").exceptions?.[0]).not.toHaveProperty("name");
  });
});

describe("special days", () => {
  it("are free, short or whole", () => {
    expect(windowsOf({ kind: "free" })).toEqual([]);
    expect(windowsOf({ kind: "day" })).toEqual([{ start: "00:00", duration: 86_400 }]);
    expect(windowsOf({ kind: "late", start: "23:30", end: "09:00" })).toEqual([{ start: "23:30", duration: 34_200 }]);
    expect(windowsOf({ kind: "late", start: "00:30", end: "09:00" })).toEqual([{ start: "00:30", duration: 30_600 }]);
  });

  it("take the place of an older one of the same date and target only", () => {
    const next = withDays(policy, leo, [{ date: monday, windows: [{ start: "23:00", duration: 3600 }] }]);
    expect(next.exceptions).toEqual([{ id: `day.leo.${monday}`, for: leo, date: monday, windows: [{ start: "23:00", duration: 3600 }] }]);
    expect(withDays(policy, { person: "lea" }, [{ date: monday, windows: [] }]).exceptions).toHaveLength(2);
  });

  it("are listed from a date on", () => {
    expect(daysAhead(policy, leo, "2026-11-24")).toEqual([]);
    expect(daysAhead(policy, leo, monday)).toHaveLength(1);
  });
});

describe("a calendar file", () => {
  const file = (events: string) => `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n${events}END:VCALENDAR\r\n`;

  it("gives each whole day once, the end being the day after", () => {
    const text = file(
      "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20261222\r\nEND:VEVENT\r\n" +
        "BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20261221\r\nEND:VEVENT\r\n" +
        "BEGIN:VEVENT\r\nUID:3\r\nDTSTART:20261224T100000Z\r\nDTEND:20261224T110000Z\r\nEND:VEVENT\r\n",
    );
    expect(datesIn(text, "2026-12-20")).toEqual({ dates: ["2026-12-20", "2026-12-21"], wrong: 0, repeats: false });
  });

  const none = { dates: [], wrong: 0, repeats: false };
  const two = { ...none, dates: ["2026-12-21", "2026-12-22"] };
  const bad = { ...none, wrong: 1 };
  it.each([
    ["a date that there is not", "DTSTART;VALUE=DATE:20269945", bad],
    ["a day that its month has not", "DTSTART;VALUE=DATE:20270230", bad],
    ["an end that there is not", "DTSTART;VALUE=DATE:20261221\r\nDTEND;VALUE=DATE:20269945", bad],
    ["an end before its start", "DTSTART;VALUE=DATE:20261221\r\nDTEND;VALUE=DATE:20261219", bad],
    ["an end on its start", "DTSTART;VALUE=DATE:20261221\r\nDTEND;VALUE=DATE:20261221", { ...none, dates: ["2026-12-21"] }],
    ["a year that the server refuses", "DTSTART;VALUE=DATE:99991231", bad],
    ["a year long", "DTSTART;VALUE=DATE:20261221\r\nDTEND;VALUE=DATE:20271221", bad],
    ["midnight to midnight", "DTSTART;TZID=Europe/Paris:20261221T000000\r\nDTEND;TZID=Europe/Paris:20261223T000000", two],
    ["midnight and two days", "DTSTART:20261221T000000\r\nDURATION:P2D", two],
    ["midnight somewhere else", "DTSTART:20261221T000000Z\r\nDTEND:20261223T000000Z", none],
    ["an evening", "DTSTART;TZID=Europe/Paris:20261221T180000\r\nDTEND;TZID=Europe/Paris:20261222T000000", none],
    [
      "every year", "DTSTART;VALUE=DATE:20011225\r\nDTEND;VALUE=DATE:20011227\r\nRRULE:FREQ=YEARLY",
      { ...none, dates: ["2026-12-25", "2026-12-26"], repeats: true },
    ],
    [
      "twice, but not the first time", "DTSTART;VALUE=DATE:20261221\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;VALUE=DATE:20261221",
      { ...none, dates: ["2026-12-28", "2027-01-04"], repeats: true },
    ],
  ])("reads %s", (_, lines, want) => {
    expect(datesIn(file(`BEGIN:VEVENT\r\nUID:1\r\n${lines}\r\nEND:VEVENT\r\n`), "2026-12-20")).toEqual(want);
  });

  it("is refused where it is none", () => {
    expect(() => datesIn("hello", "2026-12-20")).toThrow();
  });
});
