import type { Language } from "../time/words";
import { subjectNames } from "./choice";
import { type Known, look } from "./fact";
import { say } from "./say";
import { guideOf, nodeOf } from "./tree";
import type { Subject } from "./walk";

/** Something that the box sees by itself, and the guide that begins there. */
export type Seen = { guide: string; text: string };

const shown = 3;

/** What is wrong by the box's own account, before anybody is asked: each with the sentence of a guide. */
export function seenNow(known: Known, language: Language): Seen[] {
  const { devices, policy } = known.state;
  const named = devices.filter(({ id, present }) => id !== null && present);
  const about = (tv: boolean) => named.filter(({ kind }) => (kind === "tv") === tv).map(({ id }) => ({ device: id ?? "" }));
  const probe = (guide: string, node: string, outcome: string) => (subject: Subject) => {
    const tree = guideOf(guide);
    const here = tree && nodeOf(tree, node);
    const said = here?.answers?.find(({ id }) => id === outcome)?.say;
    if (!here?.fact || !said) return [];
    const { answer, values } = look(here.fact, known, subject);
    return answer === outcome ? [{ guide, text: say(said, language, { ...subjectNames(known, subject), ...values }) }] : [];
  };
  const televisions = about(true);
  const all = [
    ...probe("no-internet", "box", "away")({}),
    ...televisions.flatMap(probe("tv-freezes", "joined", "recently")),
    ...(televisions.length > 0 ? probe("tv-freezes", "radar", "heard")({}) : []),
    ...televisions.flatMap(probe("tv-freezes", "kept", "failed")),
    ...televisions.flatMap(probe("tv-freezes", "signal", "weak")),
    ...probe("slow-wifi", "radios", "silent")({}),
    ...probe("child-hours", "clock", "wrong")({}),
    ...(policy.unknown === "allow" ? [] : probe("new-phone", "strangers", "some")({})),
    ...about(false).flatMap(probe("slow-wifi", "signal", "weak")),
  ];
  return all.slice(0, shown);
}
