import type { Item } from "./item";
import type { Check, Visit } from "./visit";

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
