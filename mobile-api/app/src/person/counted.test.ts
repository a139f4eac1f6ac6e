import { describe, expect, it } from "vitest";
import { busyHours, latestFirst, usedOn, type Week, type WeekCut } from "./counted";

const hours = (known: Record<number, number>) => Array.from({ length: 24 }, (_, hour) => known[hour] ?? 0);
const week: Week = { zone: "Europe/Paris", days: [{ date: "2026-11-21", minutes: hours({ 17: 45, 18: 60 }) }], cuts: [] };
const cut = (from: string): WeekCut => ({ devices: [], from, to: from, reason: { kind: "pause", id: "p" }, name: "", by: "" });

describe("the last seven days", () => {
  it("adds up the minutes of one date, and knows which it does not hold", () => {
    expect(usedOn(week, "2026-11-21")).toBe(105);
    expect(usedOn(week, "2026-11-22")).toBeNull();
    expect(usedOn(undefined, "2026-11-21")).toBeNull();
  });

  it("names the hours that were used", () => {
    expect(busyHours({ date: "2026-11-21", minutes: hours({ 0: 5, 23: 60 }) })).toEqual([{ hour: 0, minutes: 5 }, { hour: 23, minutes: 60 }]);
  });

  it("tells the latest cut first, and leaves what was heard as it is", () => {
    const cuts = [cut("2026-11-20T20:00:00Z"), cut("2026-11-21T20:00:00Z")];
    expect(latestFirst(cuts).map(({ from }) => from)).toEqual(["2026-11-21T20:00:00Z", "2026-11-20T20:00:00Z"]);
    expect(cuts[0]?.from).toBe("2026-11-20T20:00:00Z");
  });
});
