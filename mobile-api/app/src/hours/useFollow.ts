import { type RefObject, useEffect, useRef } from "react";
import { nextFocus } from "./nextFocus";

/** Where the keyboard goes once the week is drawn again: with the block that moved, or to what is beside one that went. */
export type Follow = (what: "selected" | "neighbour") => void;

/** A block that changes its day is drawn as another button: without this, the focus would be lost with the old one. */
export function useFollow(field: RefObject<HTMLElement | null>): Follow {
  const due = useRef<{ what: "selected" | "neighbour"; at: number } | null>(null);
  const blocks = () => [...(field.current?.querySelectorAll<HTMLElement>("[data-block]") ?? [])];
  useEffect(() => {
    const wanted = due.current;
    if (!wanted) return;
    due.current = null;
    const all = blocks();
    const mine = all.findIndex(({ dataset }) => dataset.mine === "true");
    const next = nextFocus({ ...wanted, count: all.length, mine });
    (next === null ? field.current : all[next])?.focus();
  });
  return (what) => {
    const at = blocks().indexOf(document.activeElement as HTMLElement);
    if (at >= 0) due.current = { what, at }; // a finger that erases has no focus to lose
  };
}
