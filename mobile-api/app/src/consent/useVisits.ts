import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { answer, api } from "../api/client";
import { supportQuery } from "../api/query";
import { Refusal, Unreachable } from "../api/refusal";
import { keepStopped, readStopped } from "./stopped";
import { type Visits, visitsOf } from "./visit";

const again = 5_000;

export type Stopping = { name: string; told: boolean };

export type Seen = Visits & {
  /** When the list was heard, which the time that is left is counted from. */
  heard: Date;
  stop: (id: string, name: string) => void;
  /** The visit that was stopped here last, and whether the cloud has been told. */
  stopping: Stopping | null;
  forget: () => void;
};

/** Nobody answered, or could: it is to be said again. */
function later(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refusal && (error.status >= 500 || error.status === 429));
}

/** The visits of a home. One that is stopped here is over at once, and the cloud is told until it has heard it. */
export function useVisits(home: string): Seen {
  const client = useQueryClient();
  const { data, dataUpdatedAt } = useQuery({ ...supportQuery(home), refetchInterval: 30_000 });
  const [stopped, setStopped] = useState(() => readStopped());
  const [stopping, setStopping] = useState<(Stopping & { id: string }) | null>(null);

  const stop = (id: string, name: string) => {
    const all = new Set([...stopped, id]);
    keepStopped(all);
    setStopped(all);
    setStopping({ id, name, told: false });
  };
  const forget = useCallback(() => setStopping(null), []);

  // What was stopped on this phone and lives in the cloud is ended there, also after a restart.
  const lives = data?.find(({ id, state }) => state === "active" && stopped.has(id))?.id;
  const waiting = lives ?? (stopping?.told === false ? stopping.id : undefined);
  useEffect(() => {
    if (!waiting) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const tell = async () => {
      try {
        await answer(api.POST("/homes/{home}/support/{session}/end", { params: { path: { home, session: waiting } } }));
      } catch (error) {
        if (later(error)) {
          if (!left) timer = setTimeout(() => void tell(), again);
          return;
        }
      }
      if (left) return;
      setStopping((now) => (now?.id === waiting ? { ...now, told: true } : now));
      await client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
    };
    const online = () => {
      clearTimeout(timer);
      void tell();
    };
    window.addEventListener("online", online);
    void tell();
    return () => {
      left = true;
      clearTimeout(timer);
      window.removeEventListener("online", online);
    };
  }, [client, home, waiting]);

  return { ...visitsOf(data ?? [], stopped), heard: new Date(dataUpdatedAt), stop, stopping, forget };
}
