import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";

export type Week = components["schemas"]["Week"];
export type WeekDay = Week["days"][number];
export type WeekCut = Week["cuts"][number];

/** What the box counted for a person in the last seven days; today is the last. */
export function lastWeekQuery(home: string, person: string) {
  return queryOptions({
    queryKey: ["week", home, person],
    queryFn: () => answer(api.GET("/homes/{home}/people/{id}/week", { params: { path: { home, id: person } } })),
    enabled: person !== "",
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
  });
}

export function totalOf(day: WeekDay): number {
  return day.minutes.reduce((sum, minutes) => sum + minutes, 0);
}

/** The minutes of a date; null where the week does not hold it, as one kept over midnight. */
export function usedOn(week: Week | undefined, date: string): number | null {
  const day = week?.days.find((one) => one.date === date);
  return day ? totalOf(day) : null;
}

type Stretch = { hour: number; minutes: number };

/** The hours of a day with any minute online. */
export function busyHours(day: WeekDay): Stretch[] {
  return day.minutes.map((minutes, hour) => ({ hour, minutes })).filter(({ minutes }) => minutes > 0);
}

/** The latest first. */
export function latestFirst(cuts: readonly WeekCut[]): WeekCut[] {
  return [...cuts].sort((a, b) => Date.parse(b.from) - Date.parse(a.from));
}
