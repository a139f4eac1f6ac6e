import { useSyncExternalStore } from "react";
import { useField } from "./FieldContext";
import type { Outgoing } from "./outbox";

/** What was done on this phone and is not with the server yet. */
export function useOutgoing(): Outgoing {
  const { outbox } = useField();
  return useSyncExternalStore(outbox.subscribe, outbox.get);
}
