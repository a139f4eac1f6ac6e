import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { asksQuery, casesQuery, homeQuery, invitationsQuery, membersQuery, meQuery, supportQuery } from "../api/query";
import { type Line, watchHome } from "../api/stream";
import { heardTyping } from "../help/typing";
import { leave } from "./client";

/** Listens to the home's live events, and looks again whenever they say so. */
export function useLine(home: string): Line {
  const client = useQueryClient();
  const [line, setLine] = useState<Line>("connecting");
  useEffect(
    () =>
      watchHome(home, {
        look: () => {
          void client.invalidateQueries({ queryKey: homeQuery(home).queryKey });
          void client.invalidateQueries({ queryKey: meQuery.queryKey }); // a role may have changed
          void client.invalidateQueries({ queryKey: membersQuery(home).queryKey });
          void client.invalidateQueries({ queryKey: invitationsQuery(home).queryKey }); // one may have been used
          void client.invalidateQueries({ queryKey: asksQuery(home).queryKey });
          void client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
          void client.invalidateQueries({ queryKey: casesQuery(home).queryKey });
        },
        typing: heardTyping,
        line: (state) => {
          if (state === "signed-out" && client.getQueryData(meQuery.queryKey)) leave(true);
          setLine(state);
        },
      }),
    [client, home],
  );
  return line;
}

/** Whether the phone believes that it has a network. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  return online;
}
