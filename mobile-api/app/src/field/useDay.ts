import { queryOptions, useQuery } from "@tanstack/react-query";
import { Unreachable } from "../api/refusal";
import { dateOf } from "../time/words";
import { fetchDay } from "./api";
import { type Field, useField } from "./FieldContext";
import { isOver, type Visit } from "./visit";

export type Day = { visits: Visit[]; heard: Date; live: boolean };

/** Today, where the phone is. */
export function today(): string {
  return dateOf(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone);
}

function dayQuery({ member, store }: Field, day: string) {
  return queryOptions({
    queryKey: ["field-day", member, day],
    queryFn: async (): Promise<Day> => {
      try {
        const visits = await fetchDay(day);
        await store.keepDay(member, day, visits);
        return { visits, heard: new Date(), live: true };
      } catch (error) {
        const kept = error instanceof Unreachable ? await store.day(member, day) : null;
        if (!kept) throw error;
        return { ...kept, live: false };
      }
    },
    refetchInterval: 30_000,
    staleTime: 5_000,
  });
}

/** The visits of today in their order; without a network those that this phone has kept. */
export function useDay() {
  const field = useField();
  return useQuery(dayQuery(field, today()));
}

/** By the day, then the hour; what is over comes last. */
export function inOrder(visits: readonly Visit[]): Visit[] {
  const key = (visit: Visit) => `${isOver(visit) ? 1 : 0} ${visit.slot.day} ${visit.slot.from}`;
  return [...visits].sort((a, b) => key(a).localeCompare(key(b)));
}
