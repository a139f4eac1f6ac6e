import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { meQuery } from "../api/query";
import { useTapped } from "../notifications/useTapped";
import { HomeFrame } from "./HomeFrame";
import { keep } from "./keep";
import { lastKey, lookedAt, lostOf, readLast } from "./lastHome";
import { LostHome } from "./LostHome";
import { NoHome } from "./NoHome";

const key = "carebox.home";

/** Everything behind the door: which home is looked at, by choice or by the address that a notification opens. */
export function SignedIn() {
  const { data: me } = useQuery(meQuery);
  const { home: asked } = useSearch({ from: "/inside" });
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(() => localStorage.getItem(key));
  const [last, setLast] = useState(readLast);
  const mine = me?.homes.some(({ id }) => id === asked) ? asked : undefined;
  if (mine !== undefined && mine !== chosen) setChosen(mine);
  useTapped();
  useEffect(() => {
    if (mine !== undefined) keep(key, mine);
    if (me && asked !== undefined) void navigate({ to: ".", search: {}, replace: true });
  }, [me, mine, asked, navigate]);
  const lost = me ? lostOf(me, last) : null;
  const home = me?.homes.find(({ id }) => id === chosen) ?? me?.homes[0];
  const shown = me && home && !lost ? lookedAt(me, home, last) : last;
  if (shown !== last) setLast(shown);
  useEffect(() => {
    if (shown) keep(lastKey, JSON.stringify(shown));
  }, [shown]);
  if (!me) return null;
  const goOn = () => {
    if (home) setLast(lookedAt(me, home, null));
    void navigate({ to: "/" });
  };
  if (lost) return <LostHome lost={lost} next={home} goOn={goOn} />;
  if (!home) return <NoHome me={me} />;
  const choose = (id: string) => {
    keep(key, id);
    setChosen(id);
  };
  return <HomeFrame key={home.id} me={me} home={home} choose={choose} />;
}
