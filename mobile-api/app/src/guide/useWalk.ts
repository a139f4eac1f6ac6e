import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useHome } from "../shell/HomeContext";
import { candidatesOf, meant } from "./choice";
import { type Known, look } from "./fact";
import { proposalOf } from "./fix";
import { type Guide, type Node, nodeOf } from "./tree";
import { back, begin, type Finder, type Found, settle, step, type Subject, type Walk } from "./walk";

type Walking = {
  walk: Walk;
  /** Takes an answer, what became of a fix, or what was measured, for which nobody was asked. */
  go: (found: Found, alone?: boolean) => void;
  /** Back to the question before; null at the first. */
  goBack: (() => void) | null;
  again: () => void;
};

/** What needs nobody: facts, the only thing there is to choose, a fix that would change nothing. */
function finder(home: string, known: Known): Finder {
  return (node: Node, subject: Subject) => {
    if (node.fact) return look(node.fact, known, subject);
    if (node.query) return canMeasure(known) ? null : { answer: "unknown" };
    if (node.fix) {
      const proposal = proposalOf(home, node, known, subject);
      return proposal === "done" ? { answer: "asked" } : proposal ? null : { answer: "otherwise" };
    }
    if (!node.choose) return null;
    const candidates = candidatesOf(node.choose, known, subject);
    const one = meant(node.choose, candidates);
    if (one) return { answer: "chosen", subject: one.key, values: { [one.person ? "person" : "device"]: one.name } };
    return candidates.length === 0 ? { answer: "dont-know" } : null;
  };
}

/** A box that is not there, or a phone without a network, measures nothing. */
function canMeasure({ state, line }: Known): boolean {
  return state.box?.reachable === true && line !== "offline" && line !== "away";
}

/** A walk through a guide. It outlives the screen, until the member leaves: what was answered is not asked again. */
export function useWalk(guide: Guide): Walking {
  const { id, state, words, line } = useHome();
  const client = useQueryClient();
  const key = ["guide", id, guide.id];
  const [walk, setWalk] = useState<Walk>(() => client.getQueryData<Walk>(key) ?? begin(guide));
  const known = { state, words, line };
  const at = words.now.toISOString();
  const here = settle(guide, walk, finder(id, known), at);
  const keep = (next: Walk) => {
    const settled = settle(guide, next, finder(id, known), at);
    if (nodeOf(guide, settled.node)?.kind === "leaf") client.removeQueries({ queryKey: key, exact: true });
    else client.setQueryData(key, settled);
    setWalk(settled);
  };
  const before = back(guide, here);
  return {
    walk: here,
    go: (found, alone) => keep(step(guide, here, { ...found, at, ...(alone ? { alone } : {}) })),
    goBack: before ? () => keep(before) : null,
    again: () => keep(begin(guide)),
  };
}
