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
