import cannotConnect from "../../../../policies/guides/trees/cannot-connect.json";
import childHours from "../../../../policies/guides/trees/child-hours.json";
import newPhone from "../../../../policies/guides/trees/new-phone.json";
import noInternet from "../../../../policies/guides/trees/no-internet.json";
import slowWifi from "../../../../policies/guides/trees/slow-wifi.json";
import tvFreezes from "../../../../policies/guides/trees/tv-freezes.json";
import type terms from "../../../../policies/guides/vocabulary.json";

// The very files that policies/guides checks: they come with the app, so that a guide works without a network.

export type Said = { en: string; fr: string };
export type Fact = keyof (typeof terms)["facts"];
export type QueryName = keyof (typeof terms)["queries"];
export type FixName = keyof (typeof terms)["fixes"];
export type Choice = keyof (typeof terms)["choices"];
export type SubjectKind = "device" | "person";

export type Answer = { id: string; say?: Said; next: string };

export type Node = {
  id: string;
  kind: "question" | "check" | "fix" | "leaf";
  say?: Said;
  hint?: Said;
  answers?: Answer[];
  unknown?: string;
  choose?: Choice;
  chosen?: string;
  fact?: Fact;
  query?: QueryName;
  fix?: FixName;
  args?: Record<string, number | string>;
  next?: string;
  otherwise?: string;
  end?: "solved" | "person";
};

export type Guide = { id: string; title: Said; start: string; nodes: Node[] };

/** In the order in which they are offered. */
export const guides = [slowWifi, tvFreezes, cannotConnect, noInternet, childHours, newPhone] as unknown as readonly Guide[];

/** For a box that does not answer, whatever else was asked for. */
export const awayGuide = "no-internet";

export function guideOf(id: string): Guide | undefined {
  return guides.find((guide) => guide.id === id);
}

export function nodeOf(guide: Guide, id: string): Node | undefined {
  return guide.nodes.find((node) => node.id === id);
}

/** Where an answer leads, as policies/guides has it; undefined where the node does not know the answer. */
export function nextOf(guide: Guide, node: string, answer: string): string | undefined {
  const here = nodeOf(guide, node);
  const named = here?.answers?.find(({ id }) => id === answer)?.next;
  if (!here || named) return named;
  if (here.kind === "question" && answer === "dont-know") return here.unknown;
  if (here.kind === "question" && answer === "chosen") return here.chosen;
  if (here.kind === "fix" && answer === "asked") return here.next;
  if (here.kind === "fix" && answer === "otherwise") return here.otherwise;
  return undefined;
}
