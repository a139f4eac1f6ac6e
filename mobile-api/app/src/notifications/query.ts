import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { held } from "./browser";

/** What the member wants to hear of, and whether this browser is woken: both Carebox and the browser must know. */
export const pushQuery = queryOptions({
  queryKey: ["push"],
  queryFn: async () => {
    const [settings, here] = await Promise.all([answer(api.GET("/me/push")), held()]);
    const current = settings.subscriptions.find((one) => one.current) ?? null;
    return { ...settings, current, on: here && current !== null };
  },
});
