import ICAL from "ical.js";
import { addDays } from "../time/words";

/** Longest that one entry of a calendar can be taken for holidays, in days. */
export const longest = 120;

/** The most special days that a home can have: policies.MaxRules. */
export const most = 512;

/** The last date that the server takes. */
const last = "2100-12-31";

/** How far ahead an entry that repeats is followed, in days, and how often at most: it may have begun long ago. */
const ahead = 365;
const turns = 50_000;

export type Found = {
  dates: string[]; // each once, in order
  wrong: number; // entries left out: no real date, an end before its start, too far ahead, or too long
  repeats: boolean; // some entry does
};

/** Whole days of an .ics file from a date on; an error where it is no calendar. Entries of some hours are left out. */
export function datesIn(text: string, from: string): Found {
  const root = new ICAL.Component(ICAL.parse(text));
  const dates = new Set<string>();
  const found = { wrong: 0, repeats: false };
  for (const entry of root.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(entry);
    const length = lengthOf(entry, event);
    if (length === 0) continue;
    if (length === null) {
      found.wrong++;
      continue;
    }
    found.repeats ||= event.isRecurring();
    const days = startsOf(event, from).flatMap((first) => Array.from({ length }, (_, n) => addDays(first, n)));
    for (const date of days) if (date >= from && date <= last) dates.add(date);
  }
  return { dates: [...dates].sort(), ...found };
}

/** How many whole days an entry lasts: 0 for hours of a day, null where its dates cannot be used. */
function lengthOf(entry: ICAL.Component, event: ICAL.Event): number | null {
  const start = written(entry, "dtstart");
  const end = written(entry, "dtend");
  if (!start || !real(start.slice(0, 10)) || (end && !real(end.slice(0, 10)))) return null;
  const [begins, ends] = [event.startDate, event.endDate];
  if (!whole(begins) || !whole(ends)) return end && end < start ? null : 0;
  const days = Math.round((dayOf(ends) - dayOf(begins)) / 86_400_000);
  const floor = begins.isDate ? 1 : 0; // some programs end a date on itself
  if (days < 0 || days > longest) return null;
  return Math.max(days, floor);
}

/** A property's date as the file has it: the library makes a real date of any. */
function written(entry: ICAL.Component, name: string): string {
  const value: unknown = entry.getFirstProperty(name)?.toJSON()[3];
  return typeof value === "string" ? value : "";
}

/** Whether it is a date that there is, and not one that the server refuses. */
function real(date: string): boolean {
  const at = Date.parse(`${date}T12:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === date && date <= last;
}

/** A date, or midnight of a clock on a wall: midnight in UTC is some hour of the home. */
function whole(time: ICAL.Time): boolean {
  return time.isDate || (time.hour === 0 && time.minute === 0 && time.second === 0 && time.zone !== ICAL.Timezone.utcTimezone);
}

function dayOf(time: ICAL.Time): number {
  return Date.UTC(time.year, time.month - 1, time.day);
}

/** The dates on which an entry begins; of one that repeats those that matter from a date on. */
function startsOf(event: ICAL.Event, from: string): string[] {
  const first = event.startDate.toString().slice(0, 10);
  if (!event.isRecurring()) return [first];
  const starts: string[] = [];
  const [early, late] = [addDays(from, -longest), addDays(from, ahead)];
  const iterator = event.iterator();
  for (let n = 0; n < turns; n++) {
    const date = iterator.next()?.toString().slice(0, 10);
    if (!date || date > late) break;
    if (date >= early) starts.push(date);
  }
  return starts;
}
