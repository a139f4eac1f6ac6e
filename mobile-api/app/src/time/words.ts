import { TZDate } from "@date-fns/tz";

export type Language = "fr" | "en";

/** How one reader in one home says times. */
export type Reader = { language: Language; locale: string; zone: string };

export const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
export type Day = (typeof days)[number];

/** The reader's own kind of the language, for 24 hours or 12, and for the first day of the week. */
export function localeOf(language: Language, preferred: readonly string[] = navigator.languages): string {
  const own = preferred.find((tag) => tag.toLowerCase().startsWith(`${language}-`));
  return own ?? (language === "fr" ? "fr-FR" : "en-GB");
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made;
}

/** "2026-11-21" of an instant in a zone. */
export function dateOf(at: Date, zone: string): string {
  const wall = new TZDate(at, zone);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${wall.getFullYear()}-${two(wall.getMonth() + 1)}-${two(wall.getDate())}`;
}

export function minuteOf(at: Date, zone: string): number {
  const wall = new TZDate(at, zone);
  return wall.getHours() * 60 + wall.getMinutes();
}

/** The instant at which the zone's clocks show a minute of a date; minutes past 24 h run into the days after. */
export function instant(date: string, minute: number, zone: string): Date {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return new Date(new TZDate(year, month - 1, day, 0, minute, zone).getTime());
}

export function addDays(date: string, count: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

export function dayOf(date: string): Day {
  return days[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7] as Day;
}

/** "21:30", or as the locale says it, of the home's wall clock. */
export function clock(at: Date, reader: Reader): string {
  return format(reader.locale, { timeZone: reader.zone, hour: "2-digit", minute: "2-digit" }).format(at);
}

/** "21:30:07", where a second counts. */
export function exactClock(at: Date, reader: Reader): string {
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return format(reader.locale, { timeZone: reader.zone, ...time }).format(at);
}

/** "21:30" of a minute of the day, past midnight too. */
export function wall(minute: number, reader: Reader): string {
  const at = new Date(Date.UTC(2000, 0, 1, 0, ((minute % 1440) + 1440) % 1440));
  return format(reader.locale, { timeZone: "UTC", hour: "2-digit", minute: "2-digit" }).format(at);
}

/** A moment as people say it: the hour today, "tomorrow 07:00", then the weekday, then the date. */
export function moment(at: Date, now: Date, reader: Reader): string {
  const gap = Math.round((Date.parse(dateOf(at, reader.zone)) - Date.parse(dateOf(now, reader.zone))) / 86_400_000);
  const hour = clock(at, reader);
  if (gap === 0) return hour;
  if (gap === 1 || gap === -1) {
    return `${new Intl.RelativeTimeFormat(reader.locale, { numeric: "auto" }).format(gap, "day")} ${hour}`;
  }
  const far = Math.abs(gap) > 6;
  const options: Intl.DateTimeFormatOptions = far ? { day: "numeric", month: "short" } : { weekday: gap > 0 ? "long" : "short" };
  return `${format(reader.locale, { timeZone: reader.zone, ...options }).format(at)} ${hour}`;
}

/** "Monday 23 November" of a date without a zone. */
export function dateWords(date: string, reader: Reader, style: "long" | "short" = "long"): string {
  const options: Intl.DateTimeFormatOptions =
    style === "long" ? { weekday: "long", day: "numeric", month: "long" } : { weekday: "short", day: "numeric", month: "short" };
  return format(reader.locale, { timeZone: "UTC", ...options }).format(new Date(`${date}T12:00:00Z`));
}

export function dayName(day: Day, reader: Reader, style: "long" | "short" | "narrow" = "long"): string {
  const at = new Date(Date.UTC(2024, 0, 1 + days.indexOf(day), 12)); // 1 January 2024 was a Monday
  return format(reader.locale, { timeZone: "UTC", weekday: style }).format(at);
}

/** "1 h 10", "45 min", the same in both languages. */
export function span(minutes: number): string {
  const whole = Math.round(minutes);
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  if (hours === 0) return `${rest}\u00a0min`;
  return rest === 0 ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${String(rest).padStart(2, "0")}`;
}

type WeekInfo = { firstDay: number };

/** The days in the order of the reader's week. */
export function weekOf(locale: string): Day[] {
  const known = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };
  const first = (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? (locale === "en-US" ? 7 : 1);
  return days.map((_, i) => days[(first - 1 + i) % 7] as Day);
}

/** "Sun–Thu", "Mon, Wed", in the order of the reader's week; a run that passes the week's end stays one run. */
export function dayRange(chosen: readonly Day[], reader: Reader): string {
  const has = days.map((day) => chosen.includes(day));
  const count = has.filter(Boolean).length;
  if (count === 0 || count === 7) return "";
  const order = weekOf(reader.locale).map((day) => days.indexOf(day));
  const starts = order.filter((i) => has[i] && !has[(i + 6) % 7]);
  const runs = starts.map((start) => {
    let length = 1;
    while (has[(start + length) % 7]) length++;
    const name = (i: number) => dayName(days[i % 7] as Day, reader, "short");
    if (length === 1) return name(start);
    if (length === 2) return `${name(start)}, ${name(start + 1)}`;
    return `${name(start)}–${name(start + length - 1)}`;
  });
  return runs.join(", ");
}

/** Minutes of "21:30" or "21:30:15". */
export function minutes(text: string): number {
  const [hours = 0, rest = 0] = text.split(":").map(Number);
  return hours * 60 + rest;
}

/** "21:30" for the API, of a minute past midnight too. */
export function clockText(minute: number): string {
  const within = ((minute % 1440) + 1440) % 1440;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}
