import { createContext, useContext } from "react";
import type { Deeds, Item, Kind } from "./item";
import type { Skips, StepName } from "./step";
import type { Visit } from "./visit";

/** The visit that is on the screen, with what this phone has not sent yet. */
export type AtVisit = {
  visit: Visit;
  /** Of this visit, not sent or refused. */
  items: readonly Item[];
  step: StepName;
  skips: Skips;
  drafts: Readonly<Record<string, string>>;
  /** Keeps what was typed and not said yet; "" forgets it. */
  draft: (key: string, value: string) => void;
  /** Forgets what was typed, unless somebody has gone on typing since. */
  spend: (key: string, value: string) => void;
  skip: (step: StepName, reason: string) => void;
  go: (step: StepName) => void;
  /** Does something: it is kept on the phone when this resolves, and sent when it can be. */
  deed: <K extends Kind>(kind: K, told: Deeds[K]) => Promise<void>;
  /** Takes the server's newest word of the visit. */
  heard: (visit: Visit) => void;
  /** Whether the server answered last. */
  online: boolean;
};

export const VisitContext = createContext<AtVisit | null>(null);

export function useAtVisit(): AtVisit {
  const at = useContext(VisitContext);
  if (!at) throw new Error("useAtVisit outside a visit");
  return at;
}
