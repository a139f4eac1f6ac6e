import type { Check, Journey, Visit } from "./visit";

export const stepNames = ["today", "arrive", "scan", "bring-up", "rooms", "hand-over", "report"] as const;
export type StepName = (typeof stepNames)[number];

/** A box that is only taken back is not brought up. */
const short: readonly StepName[] = ["today", "arrive", "scan", "report"];

/** Reasons of steps that were left out. */
export type Skips = Partial<Record<StepName, string>>;

export function stepsOf(journey: Journey): readonly StepName[] {
  return journey === "return" ? short : stepNames;
}

export function isStep(word: string): word is StepName {
  return stepNames.some((name) => name === word);
}

export function after(journey: Journey, step: StepName): StepName {
  const steps = stepsOf(journey);
  return steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)] ?? "report";
}

export function before(journey: Journey, step: StepName): StepName {
  const steps = stepsOf(journey);
  return steps[Math.max(steps.indexOf(step) - 1, 0)] ?? "today";
}

/** Where an order names no rooms, two spots are walked to. */
const fewestRooms = 2;

export const isOpen = ({ state }: Check): boolean => state === "waiting" || state === "failed";

/** What is still missing in a step before the next. */
type Lack = "present" | "scan" | "old" | "checks" | "rooms" | "invitation" | "signature";

/** Steps that cannot be left out: without them there is no visit. */
export const canSkip = (step: StepName): boolean => step === "rooms" || step === "hand-over" || step === "report";

export function lackOf(visit: Visit, step: StepName, skips: Skips = {}): Lack | null {
  if (skips[step]) return null;
  switch (step) {
    case "today":
      return null;
    case "arrive":
      return visit.present.length > 0 ? null : "present";
    case "scan":
      return lackOfScan(visit);
    case "bring-up":
      if (!visit.serial) return "scan";
      return visit.checklist.length === 0 || visit.checklist.some(isOpen) ? "checks" : null;
    case "rooms":
      return missingRooms(visit).length > 0 ? "rooms" : null;
    case "hand-over":
      return visit.invited ? null : "invitation";
    case "report":
      return visit.signed ? null : "signature";
  }
}

function lackOfScan({ order, serial, takenBack }: Visit): Lack | null {
  if (order.kind !== "return" && !serial) return "scan";
  return order.kind === "return" && !takenBack.some((taken) => taken.serial === order.replaces) ? "old" : null;
}

/** The rooms of the order that nobody has said anything of; "" for one of anybody's choice. */
export function missingRooms({ order, rooms }: Visit): string[] {
  if (order.rooms.length > 0) return order.rooms.filter((name) => !rooms.some((room) => room.name === name));
  return Array.from({ length: Math.max(0, fewestRooms - rooms.length) }, () => "");
}

/** The first step that lacks something: where a phone goes on that remembers nothing of the visit. */
export function stepReached(visit: Visit, skips: Skips = {}): StepName {
  const steps = stepsOf(visit.order.kind).slice(1);
  return steps.find((step) => lackOf(visit, step, skips) !== null) ?? "report";
}

const longest = 200;

/** What the report says of the steps that were left out. */
export function skipWords(skips: Skips, nameOf: (step: StepName) => string): string {
  const said = stepNames.flatMap((step) => (skips[step] ? [`${nameOf(step)}: ${skips[step]}`] : []));
  return [...said.join("; ")].slice(0, longest).join("");
}
