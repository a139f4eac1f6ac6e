import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

/** Live events say when to look again; this is for a line that is lost. */
const beat = 15_000;

export const queueQuery = queryOptions({
  queryKey: ["staff", "queue"],
  queryFn: () => answer(api.GET("/staff/cases")),
  refetchInterval: beat,
});

export function staffCaseQuery(id: string) {
  return queryOptions({
    queryKey: ["staff", "case", id],
    queryFn: () => answer(api.GET("/staff/cases/{case}", { params: { path: { case: id } } })),
    refetchInterval: beat,
  });
}

/** A box as the stock knows it, which need not have it. */
export function stockBoxQuery(serial: string) {
  return queryOptions({
    queryKey: ["staff", "box", serial],
    queryFn: () => answer(api.GET("/staff/boxes/{serial}", { params: { path: { serial } } })),
  });
}

/** What the customer of a case let be kept of their screen, and what was. */
export function caseRecordingsQuery(id: string) {
  return queryOptions({
    queryKey: ["staff", "case", id, "recordings"],
    queryFn: () => answer(api.GET("/staff/cases/{case}/recordings", { params: { path: { case: id } } })),
    refetchInterval: beat,
  });
}

/** One's own sessions that wait or live, newest first. */
export const ownSessionsQuery = queryOptions({
  queryKey: ["staff", "sessions"],
  queryFn: () => answer(api.GET("/staff/sessions")),
  refetchInterval: beat,
});

/** One of them, whatever became of it. */
export function sessionQuery(session: string) {
  return queryOptions({
    queryKey: ["staff", "session", session],
    queryFn: () => answer(api.GET("/staff/sessions/{session}", { params: { path: { session } } })),
  });
}

/** What was proposed in a session, newest first, with what became of it. */
export function ownProposalsQuery(session: string) {
  return queryOptions({
    queryKey: ["staff", "session", session, "proposals"],
    queryFn: () => answer(api.GET("/staff/sessions/{session}/proposals", { params: { path: { session } } })),
    refetchInterval: beat,
  });
}

/** What was asked of the box in a session, newest first. */
export function boxQueriesQuery(session: string) {
  return queryOptions({
    queryKey: ["staff", "session", session, "queries"],
    queryFn: () => answer(api.GET("/staff/sessions/{session}/queries", { params: { path: { session } } })),
  });
}

/** One question with all that came back. What is over stays as it is, and is not asked for again. */
export function boxQueryQuery(session: string, query: string) {
  return queryOptions({
    queryKey: ["staff", "session", session, "queries", query],
    queryFn: () => answer(api.GET("/staff/sessions/{session}/queries/{query}", { params: { path: { session, query } } })),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? 2_000 : false),
    staleTime: ({ state }) => (state.data && state.data.state !== "running" ? ("static" as const) : 0),
  });
}
