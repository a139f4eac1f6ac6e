import { type Guide, nextOf, type Node, nodeOf, type SubjectKind } from "./tree";

/** Whom a guide is about, once it has been chosen: a device by its id, or by its address while nobody has named it. */
export type Subject = { device?: string; person?: string };

/** One step that was taken: what was answered or found at a node. */
export type Step = {
  guide: string;
  node: string;
  answer: string;
  at: string;
  /** Whom a choice was for. */
  subject?: string;
  /** What a check measured, or a fix was called, as it was shown. */
  values?: Record<string, string>;
  /** Nobody was asked: there was nothing to choose from, or nothing to be done. */
  alone?: boolean;
};

export type Walk = { guide: string; node: string; subject: Subject; trail: readonly Step[] };

/** What a node comes to without asking anybody. */
export type Found = { answer: string; values?: Record<string, string>; subject?: string };

/** Finds out what it can by itself; null where a person has to say or do something. */
export type Finder = (node: Node, subject: Subject) => Found | null;

export function begin(guide: Guide): Walk {
  return { guide: guide.id, node: guide.start, subject: {}, trail: [] };
}

/** One step further; the same walk where the node does not know the answer. */
export function step(guide: Guide, walk: Walk, found: Found & { at: string; alone?: boolean }): Walk {
  const next = nextOf(guide, walk.node, found.answer);
  if (next === undefined) return walk;
  const taken: Step = { guide: guide.id, node: walk.node, ...found };
  return { ...walk, node: next, subject: subjectAfter(guide, walk.subject, taken), trail: [...walk.trail, taken] };
}

function subjectAfter(guide: Guide, before: Subject, { node, answer, subject }: Step): Subject {
  const choose = nodeOf(guide, node)?.choose;
  if (!choose || answer !== "chosen" || !subject) return before;
  const kind: SubjectKind = choose === "person" ? "person" : "device";
  return { ...before, [kind]: subject };
}

/** Goes on through all that needs nobody: what the box already knows is never asked. */
export function settle(guide: Guide, walk: Walk, find: Finder, at: string): Walk {
  let here = walk;
  for (;;) {
    const node = nodeOf(guide, here.node);
    const found = node && find(node, here.subject);
    if (!found) return here;
    const next = step(guide, here, { ...found, at, alone: true });
    if (next === here) return here;
    here = next;
  }
}

/** Back to what the person answered last; null where there is nothing. What has been changed is not proposed again: undo is for that. */
export function back(guide: Guide, walk: Walk): Walk | null {
  const last = walk.trail.findLastIndex(({ alone, answer }) => !alone && answer !== "asked");
  const taken = walk.trail[last];
  if (!taken) return null;
  const trail = walk.trail.slice(0, last);
  const subject = trail.reduce<Subject>((before, one) => subjectAfter(guide, before, one), {});
  return { ...walk, node: taken.node, subject, trail };
}

/** What was found since the person was last asked: the evidence beside a question. */
export function evidence(walk: Walk): readonly Step[] {
  return walk.trail.slice(walk.trail.findLastIndex(({ alone }) => !alone) + 1);
}

/** "Step 2 of about 4": what the person has answered, and what is usually still to come. */
export function progress(guide: Guide, walk: Walk): { at: number; of: number } {
  const at = walk.trail.filter(({ alone }) => !alone).length + 1;
  return { at, of: Math.max(at, Math.round(at - 1 + ahead(guide, walk.node, new Map()))) };
}

function ahead(guide: Guide, id: string, known: Map<string, number>): number {
  const before = known.get(id);
  if (before !== undefined) return before;
  const node = nodeOf(guide, id);
  if (!node || node.kind === "leaf") return 0;
  const ways = [...(node.answers ?? []).map(({ next }) => next), node.chosen, node.next].filter((next) => next !== undefined);
  const rest = ways.map((next) => ahead(guide, next, known));
  const mean = rest.reduce((sum, n) => sum + n, 0) / Math.max(1, rest.length);
  const mine = mean + (node.kind === "check" ? 0 : 1);
  known.set(id, mine);
  return mine;
}
