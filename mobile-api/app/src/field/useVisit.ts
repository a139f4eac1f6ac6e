import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { Unreachable } from "../api/refusal";
import { fetchVisit } from "./api";
import { useField } from "./FieldContext";
import type { Item } from "./item";
import type { StepName } from "./step";
import type { Store } from "./store";
import { shown } from "./shown";
import type { Visit } from "./visit";

type Heard = { visit: Visit; live: boolean };

const keyOf = (member: string, visit: string) => ["field-visit", member, visit];

/** How often the server is asked again, in milliseconds: a checklist ticks by itself. */
const pace: Partial<Record<StepName, number>> = { "bring-up": 2_000, "hand-over": 4_000 };
const slow = 15_000;

/** One visit; without a network as this phone has kept it. */
export function useVisit(id: string, step: StepName) {
  const { member, store } = useField();
  const query = queryOptions({
    queryKey: keyOf(member, id),
    queryFn: async (): Promise<Heard> => {
      try {
        const visit = await fetchVisit(id);
        await store.keepVisit(member, visit);
        return { visit, live: true };
      } catch (error) {
        const kept = error instanceof Unreachable ? await store.visit(member, id) : undefined;
        if (!kept) throw error;
        return { visit: kept, live: false };
      }
    },
  });
  return useQuery({ ...query, refetchInterval: pace[step] ?? slow });
}

type Where = { client: QueryClient; store: Store; member: string };

/** Puts the newest word of a visit in place of the one before; where the server told none, what was done is added to that. */
export async function putVisit({ client, store, member }: Where, item: Item, told: Visit | null): Promise<void> {
  const before = told ? undefined : await store.visit(member, item.visit);
  const visit = told ?? (before && shown(before, [item]));
  if (visit) await keepHeard({ client, store, member }, visit);
}

export async function keepHeard({ client, store, member }: Where, visit: Visit): Promise<void> {
  const queryKey = keyOf(member, visit.id);
  await client.cancelQueries({ queryKey }); // what was asked before would take it back
  await store.keepVisit(member, visit);
  client.setQueryData<Heard>(queryKey, { visit, live: true });
}
