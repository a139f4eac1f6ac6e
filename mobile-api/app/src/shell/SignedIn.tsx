import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../api/query";
import { HomeFrame } from "./HomeFrame";
import { NoHome } from "./NoHome";

const key = "carebox.home";

/** Everything behind the door: which home is looked at. */
export function SignedIn() {
  // A role that somebody took away must not be offered for long: what the phone remembers is only shown until the answer.
  const { data: me } = useQuery({ ...meQuery, staleTime: 0, refetchInterval: 60_000 });
  const [chosen, setChosen] = useState(() => localStorage.getItem(key));
  if (!me) return null;
  const home = me.homes.find(({ id }) => id === chosen) ?? me.homes[0];
  if (!home) return <NoHome me={me} />;
  const choose = (id: string) => {
    localStorage.setItem(key, id);
    setChosen(id);
  };
  return <HomeFrame key={home.id} me={me} home={home} choose={choose} />;
}
