import { createContext, useContext } from "react";
import type { Outbox } from "./outbox";
import type { Store } from "./store";

/** The entrance for technicians: who they are, what this phone keeps, and what goes out. */
export type Field = { member: string; store: Store; outbox: Outbox };

export const FieldContext = createContext<Field | null>(null);

export function useField(): Field {
  const field = useContext(FieldContext);
  if (!field) throw new Error("useField outside the entrance");
  return field;
}
