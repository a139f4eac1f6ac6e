import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { answer, api, type BoxQuery } from "../api/client";
import { Refusal } from "../api/refusal";
import { lastHost, watchedKinds } from "./live";
import { questionOf } from "./measure";
import { boxQueriesQuery } from "./query";

const every = 10_000;
const rounds = 12; // two minutes: three questions a round are below what a box may be asked in a minute

export type Watch = {
  /** When it ends; null: nobody watches. */
  until: number | null;
  begin: () => void;
  stop: () => void;
  /** Why it stopped. */
  wrong: Error | null;
};

/** Asks the box again and again for a while. What it is too busy for is left out; any other no ends it. */
export function useWatch(session: string, queries: readonly BoxQuery[]): Watch {
  const client = useQueryClient();
  const [watch, setWatch] = useState<{ round: number; until: number } | null>(null);
  const [wrong, setWrong] = useState<Error | null>(null);
  const ask = useEffectEvent(async () => {
    for (const kind of watchedKinds(queries)) {
      const body = questionOf(kind, kind === "ping" ? lastHost(queries) : "");
      await answer(api.POST("/staff/sessions/{session}/queries", { params: { path: { session } }, body }));
    }
  });
  useEffect(() => {
    if (!watch) return;
    let left = false;
    const go = async () => {
      try {
        await ask();
      } catch (error) {
        if (left || (error instanceof Refusal && error.status === 429)) return;
        setWrong(error as Error);
        setWatch(null);
      }
      await client.invalidateQueries({ queryKey: boxQueriesQuery(session).queryKey });
    };
    void go();
    const { round, until } = watch;
    const timer = setTimeout(() => setWatch(round + 1 < rounds ? { round: round + 1, until } : null), every);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [client, session, watch]);
  const begin = () => {
    setWrong(null);
    setWatch({ round: 0, until: Date.now() + rounds * every });
  };
  return { until: watch?.until ?? null, begin, stop: () => setWatch(null), wrong };
}
