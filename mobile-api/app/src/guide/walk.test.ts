import { describe, expect, it } from "vitest";
import walks from "../../../../policies/guides/testdata/walks.json";
import { guideOf, guides, nextOf, nodeOf } from "./tree";
import { back, begin, evidence, progress, settle, step, type Walk } from "./walk";

const at = "2026-11-22T18:00:00Z";
const guide = (id: string) => {
  const found = guideOf(id);
  if (!found) throw new Error(`no guide ${id}`);
  return found;
};

describe("a walk", () => {
  it.each(walks)("goes as policies/guides has it: $guide $answers", ({ guide: id, answers, nodes }) => {
    const tree = guide(id);
    let walk = begin(tree);
    const been = [walk.node];
    for (const answer of answers) {
      walk = step(tree, walk, { answer, at });
      been.push(walk.node);
    }
    expect(been).toEqual(nodes);
    expect(walk.trail.map((one) => one.answer)).toEqual(answers);
    expect(nodeOf(tree, walk.node)?.kind).toBe("leaf");
  });

  const tree = guide("tv-freezes");
  const chosen = step(tree, begin(tree), { answer: "chosen", subject: "tv", at });
  const settled = settle(tree, chosen, (node) => (node.fact ? { answer: node.fact === "signal" ? "strong" : "unknown" } : null), at);

  it("stays where it is when a node does not know an answer", () => {
    expect(step(tree, chosen, { answer: "purple", at })).toBe(chosen);
    expect(nextOf(tree, "nowhere", "yes")).toBeUndefined();
  });

  it("asks nobody what the box knows, and keeps what it said as evidence", () => {
    expect(settled.node).toBe("what");
    expect(evidence(settled).map(({ node }) => node)).toEqual(["radar", "joined", "signal", "retries"]);
    expect(settled.subject).toEqual({ device: "tv" });
  });

  it("goes back to what a person answered, and forgets whom it was about", () => {
    const before = back(tree, settled) as Walk;
    expect(before).toEqual(begin(tree));
    expect(back(tree, before)).toBeNull();
    const further = step(tree, settled, { answer: "films", at });
    expect(back(tree, further)).toEqual(settled);
    const asked = ["good", "none", "asked"].reduce((walk, answer) => step(tree, walk, { answer, at, alone: answer !== "asked" }), further);
    expect(asked.node).toBe("holds");
    expect(back(tree, asked)?.node).toBe("what"); // a change is undone, not gone back to
  });

  it("never promises fewer steps than were taken", () => {
    for (const one of guides) {
      const start = progress(one, begin(one));
      expect(start.at).toBe(1);
      expect(start.of).toBeGreaterThan(1);
      expect(start.of).toBeLessThan(10);
    }
    expect(progress(tree, settled)).toMatchObject({ at: 2 });
  });
});
