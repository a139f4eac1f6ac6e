import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useLayoutEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { actUnder, type SupportSession } from "../api/client";
import { homeQuery, membersQuery, meQuery } from "../api/query";
import { ChangeProvider } from "../change/ChangeProvider";
import type { Context } from "../home/sentence";
import { type Home, HomeContext } from "../shell/HomeContext";
import { useNow } from "../shell/useNow";
import { Waiting } from "../shell/Waiting";
import { type Language, localeOf } from "../time/words";

type Props = { session: SupportSession; children: ReactNode };

/** The customer's home for the customer's own screens, read and changed under the session. Gone with it. */
export function Behalf({ session, children }: Props) {
  const client = useQueryClient();
  const { id, home } = session;
  useLayoutEffect(() => { // before anything below asks
    const stop = actUnder(id, home);
    return () => {
      stop();
      for (const { queryKey } of [homeQuery(home), membersQuery(home)]) client.removeQueries({ queryKey });
    };
  }, [client, id, home]);
  return <Theirs session={session}>{children}</Theirs>;
}

function Theirs({ session, children }: Props) {
  const { t, i18n } = useTranslation();
  const now = useNow(10_000);
  const { data: me } = useQuery(meQuery);
  const { data: state, error, dataUpdatedAt } = useQuery({ ...homeQuery(session.home), refetchInterval: 15_000 });
  const language = i18n.language as Language;
  const words = useMemo<Context | null>(
    () => (state ? { t, reader: { language, locale: localeOf(language), zone: state.policy.zone }, now, policy: state.policy } : null),
    [state, language, now, t],
  );
  if (!me || !state || !words) return error ? <p>{t("change.unreachable")}</p> : <Waiting />;
  const home: Home = {
    id: session.home, me, state, words, decides: true, heard: new Date(dataUpdatedAt), line: error ? "away" : "live",
    membership: { id: session.home, name: session.homeName, role: "adult" },
    locked: null,
  };
  return (
    <HomeContext value={home}>
      <ChangeProvider>{children}</ChangeProvider>
    </HomeContext>
  );
}
