import type { components } from "../api/schema.gen";
import type { Item } from "./item";

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

/** A visit with what this phone has not sent yet; what the server refused counts for nothing. */
export function shown(visit: Visit, items: readonly Item[]): Visit {
  return items.filter((item) => item.visit === visit.id && !item.refused).reduce(withItem, visit);
}

function withItem(visit: Visit, item: Item): Visit {
  const { at } = item;
  switch (item.kind) {
    case "measure":
    case "tv":
      return visit; // the box answers
    case "way":
      return visit.state === "planned" ? { ...visit, state: "on-the-way", way: at } : visit;
    case "arrive":
      return { ...visit, arrived: visit.arrived ?? at, present: [...new Set([...visit.present, ...item.told.present])] };
    case "bind":
      return { ...visit, serial: item.told.box, scanned: item.told.scanned, checklist: [] };
    case "swap":
    case "collect": {
      const { box: serial, reason: why } = item.told;
      return withoutBox({ ...visit, takenBack: [...visit.takenBack, { serial, way: item.kind, why, at }] }, serial);
    }
    case "decide": {
      const { item: name, decision, reason } = item.told;
      const state = decision === "skip" ? "skipped" : "ok";
      const decided = (check: Check): Check => (check.name === name ? { ...check, state, decision, reason } : check);
      return { ...visit, checklist: visit.checklist.map(decided) };
    }
    case "room":
      return { ...visit, rooms: [...visit.rooms.filter(({ name }) => name !== item.told.room.name), { ...item.told.room, at }] };
    case "note":
      return { ...visit, notes: [...withoutNote(visit.notes, item.told.text, at), { text: item.told.text, at, by: "" }] };
    case "photo": {
      const photo = { id: item.id, kind: item.told.kind, at, width: 0, height: 0, bytes: 0, sha256: "" };
      return { ...visit, photos: [...visit.photos.filter(({ id }) => id !== item.id), photo] };
    }
    case "sign":
      return { ...visit, signed: { name: item.told.name, at, step: item.id } };
    case "absent":
      return { ...visit, state: "absent", absent: { why: item.told.reason, slot: item.told.slot, next: "" } };
  }
}

/** For a moment a note is with the server and still in the outbox. */
function withoutNote(notes: Visit["notes"], text: string, at: string): Visit["notes"] {
  return notes.filter((note) => note.text !== text || Date.parse(note.at) !== Date.parse(at));
}

/** The box that was brought goes back, too: another one is to be scanned. */
function withoutBox({ serial, scanned, ...rest }: Visit, taken: string): Visit {
  if (serial === taken) return { ...rest, checklist: [] };
  return { ...rest, ...(serial && { serial }), ...(scanned && { scanned }) };
}

/** Whose a scanned box is: by the server's word, or as far as the phone itself can tell from the order. */
export type Whose = Schemas["VisitScan"]["verdict"] | "unheard";

/** What the phone can say of a box before the server has looked; a box that the order does not name may be any. */
export function guess({ order }: Visit, serial: string): Whose {
  if (order.replaces === serial) return "replaces";
  if (order.serial === "") return "unheard";
  return order.serial === serial ? "ours" : "other";
}
