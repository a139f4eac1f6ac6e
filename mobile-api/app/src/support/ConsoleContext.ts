import { createContext, useContext } from "react";
import type { Desk } from "../api/client";
import type { Reports } from "./live";
import type { Words } from "./words";

/** What holds in the whole console. */
export type Console = {
  me: { id: string; name: string };
  words: Words;
  /** Who sits at a console. */
  desks: readonly Desk[];
  /** What was written and not sent yet, by case and kind: going to another case loses nothing. */
  drafts: Map<string, string>;
  /** The session that a case had last, by case: that it has ended is shown until there is another. */
  sessions: Map<string, string>;
  /** What the box of a session has reported while somebody looked, by session. */
  reports: Map<string, Reports>;
  /** Where somebody was in a case, by case and kind: which tab, what was about to be measured. */
  places: Map<string, string>;
  setTyping: (typing: boolean) => void;
};

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (!console) throw new Error("useConsole outside the console");
  return console;
}
