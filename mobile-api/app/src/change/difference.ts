import type { Budget, Device, Exception, Override, Person, PolicyDifference, Reservation, Schedule } from "../api/client";
import { budgetLine, type Context, exceptionLine, scheduleLine, scheduleName, targetName } from "../home/sentence";
import { type Place, placeWords } from "../members/place";
import { zoneName } from "../settings/zone";
import { clock } from "../time/words";
import { askedWords, bandWords } from "../tv/words";
import { partWords } from "./problem";

/** One part of a change, as a person reads it: what it is about, how it is, how it would be. */
type DifferenceWords = { what: string; before: string; after: string };

type Value = Record<string, unknown> | string | null | undefined;

/** A change that is proposed, part by part; drawn by this phone from what the server keeps, not from what anybody says about it. */
export function differenceWords({ path, before, after }: PolicyDifference, words: Context): DifferenceWords {
  const { t, policy } = words;
  if (path.startsWith("members/")) return memberWords(before as Seat | undefined, after as Seat | undefined, words);
  const none = t("consent.nothing");
  const say = (value: unknown) => (value === undefined || value === null ? none : valueWords(path, value as Value, words));
  return { what: partWords(path, policy, t), before: say(before), after: say(after) };
}

type Seat = Place & { name: string };

/** Somebody's place in the home, by the name that they have. */
function memberWords(before: Seat | undefined, after: Seat | undefined, words: Context): DifferenceWords {
  const { t } = words;
  const say = (seat: Seat | undefined) => (seat ? placeWords(seat, words) : t("consent.outside"));
  return { what: t("part.members", { name: (before ?? after)?.name || t("activity.someone") }), before: say(before), after: say(after) };
}

function valueWords(path: string, value: Value, words: Context): string {
  if (typeof value === "string") return settingWords(path, value, words);
  const list = path.split("/")[0] ?? "";
  const write = (writers as Record<string, ((value: never, words: Context) => string) | undefined>)[list];
  return write ? write(value as never, words) : JSON.stringify(value);
}

const writers = {
  people: ({ name }: Person) => name,
  devices: ({ name, person, refused, macs }: Device, words: Context) =>
    [
      name, person ? targetName({ person }, words) : words.t("home.nobodys"), refused ? words.t("state.refused") : "",
      macs.length > 1 ? words.t("consent.addresses", { n: macs.length }) : "",
    ].filter(Boolean).join(" · "),
  schedules: (rule: Schedule, words: Context) => `${scheduleName(rule, words)} · ${targetName(rule.for, words)} · ${scheduleLine(rule, words)}`,
  exceptions: (day: Exception, words: Context) => `${day.date} · ${targetName(day.for, words)} · ${exceptionLine(day, words)}`,
  budgets: (budget: Budget, words: Context) => `${targetName(budget.for, words)} · ${budgetLine(budget, words)}`,
  reservations: (asked: Reservation, words: Context) =>
    [...askedWords(asked, words), asked.band ? bandWords(asked.band, words.reader) : ""].filter(Boolean).join(" · "),
  invitations: (place: Place, words: Context) => `${placeWords(place, words)}. ${words.t(`members.${place.role}_may`)}`,
  overrides: ({ mode, for: target, until }: Override, words: Context) => {
    const time = until ? clock(new Date(until), words.reader) : words.t("act.noEnd");
    return words.t(mode === "pause" ? "consent.pauseFor" : "consent.bonusFor", { name: targetName(target, words), time });
  },
};

const settings = [
  "unknown_allow", "unknown_quarantine", "unknown_refuse", "effect_no-internet", "effect_no-wifi", "clock_keep-last", "clock_allow",
] as const;

function settingWords(path: string, value: string, { t }: Context): string {
  const known = settings.find((one) => one === `${path}_${value}`);
  if (known) return t(`settings.${known}`);
  return path === "zone" ? zoneName(value) : value;
}
