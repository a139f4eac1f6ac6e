import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { SupportSession } from "../api/client";
import { useConsole } from "./ConsoleContext";
import { ownSessionsQuery, sessionQuery } from "./query";
import { sessionOf, waitingOf } from "./session";

export type CaseSession = {
  /** The one that counts; one that has ended stays until there is another. */
  session: SupportSession | undefined;
  /** More that was asked for while the session lives. */
  asked: SupportSession | undefined;
  /** When that was heard: what is left is counted from it. */
  heard: Date;
};

/** The support session of a case, as the cloud knows it. */
export function useSession(kase: string): CaseSession {
  const { sessions } = useConsole();
  const { data = [], dataUpdatedAt } = useQuery(ownSessionsQuery);
  const current = sessionOf(data, kase);
  useEffect(() => {
    if (current) sessions.set(kase, current.id);
  });
  const last = sessions.get(kase);
  const over = useQuery({ ...sessionQuery(last ?? ""), enabled: last !== undefined && !current });
  return {
    session: current ?? over.data,
    asked: current?.state === "active" ? waitingOf(data, kase) : undefined,
    heard: new Date(dataUpdatedAt),
  };
}
