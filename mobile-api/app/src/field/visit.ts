import type { components } from "../api/schema.gen";

type Schemas = components["schemas"];

/** A technician's visit as the server tells it. */
export type Visit = Schemas["StaffVisit"];
export type Check = Schemas["VisitItem"];
export type Slot = Schemas["VisitSlot"];
export type Journey = Visit["order"]["kind"];

export const verdicts = ["good", "fair", "poor"] as const;
export type Verdict = (typeof verdicts)[number];

export const photoKinds = ["box", "socket", "cabling", "proof", "other"] as const;
export type PhotoKind = (typeof photoKinds)[number];

export const isOver = ({ state }: Visit): boolean => state === "finished" || state === "absent";

/** Whose a scanned box is: by the server's word, or as far as the phone itself can tell from the order. */
export type Whose = Schemas["VisitScan"]["verdict"] | "unheard";

/** What the phone can say of a box before the server has looked; a box that the order does not name may be any. */
export function guess({ order }: Visit, serial: string): Whose {
  if (order.replaces === serial) return "replaces";
  if (order.serial === "") return "unheard";
  return order.serial === serial ? "ours" : "other";
}
