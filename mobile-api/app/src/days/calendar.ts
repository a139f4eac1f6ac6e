import ICAL from "ical.js";
import { addDays } from "../time/words";

/** Longest that one entry of a calendar can be taken for holidays. */
const longest = 120;

/** The whole days of an .ics file from a date on, each once; an error where it is no calendar. Clock-time entries are left out. */
export function datesIn(text: string, from: string): string[] {
  const root = new ICAL.Component(ICAL.parse(text));
  const found = new Set<string>();
  for (const entry of root.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(entry);
    if (!event.startDate?.isDate) continue;
    const first = event.startDate.toString();
    const end = event.endDate?.isDate ? event.endDate.toString() : addDays(first, 1); // the day after the last one
    for (let date = first, n = 0; (date < end || n === 0) && n < longest; date = addDays(date, 1), n++) {
      if (date >= from) found.add(date);
    }
  }
  return [...found].sort();
}
