import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, api, type Policy } from "./client";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => answer(api.GET("/me")),
  staleTime: 5 * 60_000,
});

export function homeQuery(home: string) {
  return queryOptions({
    queryKey: ["home", home],
    queryFn: () => answer(api.GET("/homes/{home}", { params: { path: { home } } })),
  });
}

export function membersQuery(home: string) {
  return queryOptions({
    queryKey: ["members", home],
    queryFn: () => answer(api.GET("/homes/{home}/members", { params: { path: { home } } })),
  });
}

export function invitationsQuery(home: string) {
  return queryOptions({
    queryKey: ["invitations", home],
    queryFn: () => answer(api.GET("/homes/{home}/invitations", { params: { path: { home } } })),
  });
}

/** One's own requests for a person, newest first. */
export function casesQuery(home: string) {
  return queryOptions({
    queryKey: ["cases", home],
    queryFn: () => answer(api.GET("/homes/{home}/cases", { params: { path: { home } } })),
  });
}

/** One of them, with what was said. */
export function caseQuery(home: string, id: string) {
  return queryOptions({
    queryKey: ["cases", home, id],
    queryFn: () => answer(api.GET("/homes/{home}/cases/{case}", { params: { path: { home, case: id } } })),
  });
}

/** Whether somebody is there, how long people wait, when one can be called. */
export function helpDeskQuery(home: string) {
  return queryOptions({
    queryKey: ["help-desk", home],
    queryFn: () => answer(api.GET("/homes/{home}/help-desk", { params: { path: { home } } })),
  });
}

/** The newest decisions, as of a revision. */
export function historyQuery(home: string, revision: number) {
  return queryOptions({
    queryKey: ["activity", home, "newest", revision],
    queryFn: () => answer(api.GET("/homes/{home}/history", { params: { path: { home }, query: { limit: 100 } } })),
  });
}

/** What one decision changed; that never changes. */
export function decisionQuery(home: string, revision: number) {
  return queryOptions({
    queryKey: ["activity", home, "decision", revision],
    queryFn: () => answer(api.GET("/homes/{home}/history/{revision}", { params: { path: { home, revision } } })),
    staleTime: Infinity,
  });
}

/** Wishes for more time of the last day. */
export function asksQuery(home: string) {
  return queryOptions({
    queryKey: ["asks", home],
    queryFn: () => answer(api.GET("/homes/{home}/asks", { params: { path: { home } } })),
  });
}

/** Visits of a person who helps: asked for, going on, over. */
export function supportQuery(home: string) {
  return queryOptions({
    queryKey: ["support", home],
    queryFn: () => answer(api.GET("/homes/{home}/support", { params: { path: { home } } })),
  });
}

/** All that was done in a visit; asked for again with the visits themselves. */
export function receiptQuery(home: string, session: string) {
  return queryOptions({
    queryKey: [...supportQuery(home).queryKey, "receipt", session],
    queryFn: () => answer(api.GET("/homes/{home}/support/{session}/receipt", { params: { path: { home, session } } })),
  });
}

export function proposalsQuery(home: string, session: string) {
  return queryOptions({
    queryKey: [...supportQuery(home).queryKey, "proposals", session],
    queryFn: () => answer(api.GET("/homes/{home}/support/{session}/proposals", { params: { path: { home, session } } })),
  });
}

/** What one lets be kept of one's own screens; asked for again with the visits themselves. */
export function recordingsQuery(home: string) {
  return queryOptions({
    queryKey: [...supportQuery(home).queryKey, "recordings"],
    queryFn: () => answer(api.GET("/homes/{home}/recordings", { params: { path: { home } } })),
  });
}

const auditPage = 30;

/** What staff did with this home, newest first, a page at a time. */
export function auditQuery(home: string) {
  return infiniteQueryOptions({
    queryKey: ["audit", home],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: before }) =>
      answer(api.GET("/homes/{home}/audit", { params: { path: { home }, query: { limit: auditPage, ...(before ? { before } : {}) } } })),
    getNextPageParam: (page) => (page.length < auditPage ? undefined : page.at(-1)?.seq),
  });
}

export function timelineQuery(home: string, revision: number, span: { from: string; to: string }) {
  return queryOptions({
    queryKey: ["timeline", home, revision, span.from, span.to],
    queryFn: () => answer(api.GET("/homes/{home}/timeline", { params: { path: { home }, query: span } })),
    staleTime: Infinity,
  });
}

/** The timeline of a policy that nobody has asked for yet. */
export function whatIf(home: string, policy: Policy, span: { from: string; to: string }) {
  return answer(api.POST("/homes/{home}/timeline", { params: { path: { home }, query: span }, body: { policy } }));
}

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => answer(api.GET("/sessions")),
});
