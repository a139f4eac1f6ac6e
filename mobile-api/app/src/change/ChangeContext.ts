import { createContext, useContext } from "react";
import type { HomeState } from "../api/client";
import type { Refusal } from "../api/refusal";

/** Something that a person wants changed: in words, and how it is asked for from the state they see. */
export type Wish = {
  label: string;
  send: (seen: HomeState) => Promise<HomeState>;
  /** The same, also over what others changed since; from the state in which a person was shown what it comes to. */
  anyway?: (shown: HomeState) => Wish;
};

/** What became of the newest wish. */
export type Outcome =
  | { kind: "asking"; wish: Wish }
  | { kind: "asked"; wish: Wish; revision: number; at: Date; undoable: boolean }
  | { kind: "failed"; wish: Wish; error: Error };

export type Changes = {
  /** Asks for a change; true once the cloud has it. A collision is shown and decided by the person; any other refusal goes to
   *  `refused`, for a dialog that shows it itself, else to the bar. */
  ask: (wish: Wish, refused?: (error: Error) => void) => Promise<boolean>;
  /** Asks like `ask`, but leaves a refusal to the caller: for forms that show it at its field. */
  propose: (wish: Wish) => Promise<void>;
  busy: boolean;
};

export type Collision = { wish: Wish; refusal: Refusal; current: HomeState };

export const ChangeContext = createContext<Changes | null>(null);

export function useChanges(): Changes {
  const changes = useContext(ChangeContext);
  if (!changes) throw new Error("useChanges outside a home");
  return changes;
}
