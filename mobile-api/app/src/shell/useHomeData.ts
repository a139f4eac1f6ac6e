import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { homeQuery } from "../api/query";
import { isNotTheirs } from "../api/refusal";
import type { Context } from "../home/sentence";
import { type Language, localeOf } from "../time/words";
import type { Home } from "./HomeContext";
import { useLine, useOnline } from "./useLine";
import { useNow } from "./useNow";

type Membership = Me["homes"][number];
type Data = { home: Home | null; error: Error | null; again: () => void };

/** The home as every screen sees it: its state, the words for it, and whether it can be changed now. */
export function useHomeData(me: Me, membership: Membership): Data {
  const { t, i18n } = useTranslation();
  const now = useNow(10_000);
  const stream = useLine(membership.id);
  const online = useOnline();
  const query = useQuery({ ...homeQuery(membership.id), refetchInterval: 60_000 });
  const state = query.data;

  const language = i18n.language as Language;
  const words = useMemo<Context | null>(() => {
    if (!state) return null;
    const reader = { language, locale: localeOf(language), zone: state.policy.zone };
    return { t, reader, now, policy: state.policy };
  }, [state, language, now, t]);

  // Not theirs any more: `me` is asked for again (client.ts), and until it says so nothing old is shown.
  if (isNotTheirs(query.error)) return { home: null, error: null, again: () => void query.refetch() };
  if (!state || !words) return { home: null, error: query.error, again: () => void query.refetch() };
  const line = !online ? "offline" : query.isError ? "away" : stream === "live" ? "live" : "connecting";
  const away = line === "offline" || line === "away";
  const decides = membership.role !== "child";
  const locked = !decides ? t("act.childWhy") : away ? t("act.offlineWhy") : null;
  const heard = new Date(query.dataUpdatedAt);
  return {
    home: { id: membership.id, me, membership, decides, state, words, locked, heard, line },
    error: query.error,
    again: () => void query.refetch(),
  };
}
