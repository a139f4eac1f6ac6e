import { describe, expect, it } from "vitest";
import { painted, segmentsOf } from "./axis";
import { barsOf, copyDay, differences, lay, type Rule, rulesOf, scheduleOf, split, without } from "./week";

const night: Rule = { id: "night.a", name: "Night", days: ["Monday", "Tuesday"], start: 21 * 60 + 30, end: 31 * 60 };
const added = (rule: Partial<Rule>): Rule => ({ id: "hours.new", name: "", days: ["Monday"], start: 600, end: 660, ...rule });

describe("schedules and rules", () => {
  it("say the same both ways, over midnight too", () => {
    const schedule = { id: "night.a", name: "Night", for: { person: "leo" }, days: ["Monday" as const], start: "21:30", duration: 34_200 };
    const [rule] = rulesOf([schedule]);
    expect(rule).toMatchObject({ name: "Night", start: 1290, end: 1860 });
    expect(scheduleOf(rule as Rule, { person: "leo" })).toEqual(schedule);
  });
});

describe("laying a rule over others", () => {
  it("leaves apart what does not touch", () => {
    const { rules, merged } = lay([night], added({}));
    expect(merged).toBe(false);
    expect(rules).toHaveLength(2);
  });

  it("makes one range of two that touch, and keeps the name of the older", () => {
    const { rules, merged, selected } = lay([{ ...night, days: ["Monday"] }], added({ start: 20 * 60, end: 22 * 60 }));
    expect(merged).toBe(true);
    expect(rules).toEqual([{ ...night, days: ["Monday"], start: 20 * 60 }]);
    expect(selected).toBe("night.a");
  });

  it("changes only the days that it touches", () => {
    const { rules } = lay([night], added({ start: 20 * 60, end: 22 * 60 }));
    expect(rules).toHaveLength(2);
    expect(rules.find((rule) => rule.days.includes("Tuesday"))).toMatchObject({ id: "night.a", start: 21 * 60 + 30 });
    expect(rules.find((rule) => rule.days.includes("Monday"))).toMatchObject({ name: "Night", start: 20 * 60, end: 31 * 60 });
  });

  it("finds the tail of the night before", () => {
    const { rules } = lay([{ ...night, days: ["Monday"] }], added({ days: ["Tuesday"], start: 6 * 60, end: 8 * 60 }));
    expect(rules).toEqual([{ ...night, days: ["Monday"], end: 32 * 60 }]);
  });

  it("goes round the end of the week", () => {
    const sunday = { ...night, days: ["Sunday" as const] };
    const { rules } = lay([sunday], added({ days: ["Monday"], start: 6 * 60, end: 8 * 60 }));
    expect(rules).toEqual([{ ...sunday, end: 32 * 60 }]);
  });

  it("gives days that end alike one rule", () => {
    const { rules } = lay([night], added({ days: ["Monday", "Tuesday"], start: 20 * 60, end: 22 * 60 }));
    expect(rules).toEqual([{ ...night, start: 20 * 60 }]);
  });
});

describe("days", () => {
  it("are taken out alone", () => {
    expect(without([night], "night.a", "Monday")).toEqual([{ ...night, days: ["Tuesday"] }]);
    expect(without([{ ...night, days: ["Monday"] }], "night.a", "Monday")).toEqual([]);
  });

  it("are split into rules of their own", () => {
    const { rules, id } = split([night], "night.a", "Monday");
    expect(id).not.toBe("night.a");
    expect(rules.find((rule) => rule.id === id)?.days).toEqual(["Monday"]);
    expect(barsOf(rules)).toHaveLength(2);
  });

  it("are copied whole: what the other days had is replaced", () => {
    const free = added({ id: "hours.x", days: ["Sunday"] });
    const copied = copyDay([night, free], "Monday", ["Sunday", "Monday"]);
    expect(copied).toEqual([{ ...night, days: ["Monday", "Tuesday", "Sunday"] }]);
  });

  it("count as changes rule by rule", () => {
    expect(differences([night], [night])).toBe(0);
    expect(differences([night], [{ ...night, start: 0 }, added({})])).toBe(2);
    expect(differences([night], [])).toBe(1);
  });
});

describe("the picture", () => {
  it("draws a night as one bar with a tail on the next morning", () => {
    const [bar] = barsOf([{ ...night, days: ["Sunday"] }]);
    const segments = segmentsOf(bar as NonNullable<typeof bar>);
    expect(segments.map(({ column, top, bottom }) => [column, top, bottom])).toEqual([
      [6, 15.5 * 60, 1440],
      [0, 0, 60],
    ]);
    expect(segments.map(({ first, last }) => [first, last])).toEqual([[true, false], [false, true]]);
  });

  it("draws what begins before six at the foot of the day before", () => {
    const [bar] = barsOf([added({ days: ["Monday"], start: 60, end: 120 })]);
    expect(segmentsOf(bar as NonNullable<typeof bar>)).toMatchObject([{ column: 6, top: 19 * 60, bottom: 20 * 60 }]);
  });

  it("paints a rectangle of days, and a night past its foot", () => {
    expect(painted({ column: 3, minute: 941 }, { column: 0, minute: 1505 }, 30)).toEqual({
      first: 0, last: 3, start: 930 + 360, end: 1500 + 360,
    });
  });

  it("never paints nothing", () => {
    const { start, end } = painted({ column: 0, minute: 1439 }, { column: 0, minute: 1439 }, 30);
    expect(end - start).toBe(30);
  });
});
