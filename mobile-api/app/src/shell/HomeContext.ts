import { createContext, useContext } from "react";
import type { HomeState, Me } from "../api/client";
import type { Context } from "../home/sentence";

/** The home that is looked at, and how far what is shown can be trusted. */
export type Home = {
  id: string;
  me: Me;
  /** What the member may do here, and for a child who they are in the policy. */
  membership: Me["homes"][number];
  state: HomeState;
  /** For sentences about this home. */
  words: Context;
  /** Whether the member decides here; a child looks and asks. */
  decides: boolean;
  /** Why nothing can be changed now; null where it can. */
  locked: string | null;
  /** When the state was heard. */
  heard: Date;
  line: "live" | "connecting" | "offline" | "away";
};

export const HomeContext = createContext<Home | null>(null);

export function useHome(): Home {
  const home = useContext(HomeContext);
  if (!home) throw new Error("useHome outside a home");
  return home;
}
