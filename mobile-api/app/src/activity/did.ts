import type { Change, HistoryEntry, Policy, Target } from "../api/client";
import { targetOf } from "./target";
import { type Context, scheduleName, targetName } from "../home/sentence";
import { dateWords } from "../time/words";
import { zoneName } from "../settings/zone";
import { nameOf as placeName } from "../tv/truth";

const codes = [
  "pause", "bonus", "resume", "lift", "undo", "person", "person-removed", "device", "device-removed", "schedule", "schedule-removed",
  "exception", "exception-removed", "budget", "budget-removed", "reservation", "reservation-removed", "policy", "create", "renumber",
  "people", "devices", "schedules", "exceptions", "budgets", "reservations", "overrides", "zone", "unknown", "effect", "clock",
] as const;

const parts = [
  "people", "devices", "schedules", "exceptions", "budgets", "reservations", "overrides", "zone", "unknown", "effect", "clock",
] as const;

type Words = Pick<Context, "t" | "policy" | "reader">;

/** "Camille paused Léo". A code of a newer server is "changed something". */
export function didWords({ actor, change, gone }: Pick<HistoryEntry, "actor" | "change" | "gone">, words: Words): string {
  const { t } = words;
  const code = codes.find((known) => known === change.code) ?? "changed";
  const subject = subjectWords(change, gone ? { ...words, policy: withGone(words.policy, change.code, gone) } : words);
  const name = actor.act ? t("activity.support", { name: actor.act.name || t("consent.someone") }) : actor.name;
  const values = { actor: name || t("activity.carebox"), subject };
  if (code === "policy" && subject) return t("did.mixed", values);
  if ((code === "schedules" || code === "exceptions" || code === "overrides") && subject) return t(`did.${code}_of`, values);
  return t(`did.${code}`, values);
}

const lists = {
  person: "people", device: "devices", schedule: "schedules", exception: "exceptions", budget: "budgets", reservation: "reservations",
} as const;

/** The policy with an entry that is there no more. */
function withGone(policy: Policy, code: string, gone: object): Policy {
  const list = lists[code as keyof typeof lists];
  return list ? { ...policy, [list]: [...(policy[list] ?? []), gone] } : policy;
}

/** What a change was about, by today's names; what is gone by its last. */
function subjectWords({ code, subject }: Change, words: Words): string {
  const { t, policy, reader } = words;
  const of = (target: Target | undefined) => (target ? targetName(target, words) : t("activity.someone"));
  switch (code) {
    case "pause":
    case "bonus":
    case "resume":
      return of(targetOf(subject) ?? undefined);
    case "person":
      return of({ person: subject });
    case "device":
      return of({ device: subject });
    case "schedule": {
      const rule = policy.schedules?.find(({ id }) => id === subject);
      return rule ? `${scheduleName(rule, words)} · ${of(rule.for)}` : t("activity.someone");
    }
    case "exception": {
      const exception = policy.exceptions?.find(({ id }) => id === subject);
      return exception ? `${dateWords(exception.date, reader)} · ${of(exception.for)}` : t("activity.someone");
    }
    case "reservation": {
      const reservation = policy.reservations?.find(({ id }) => id === subject);
      return reservation ? placeName(reservation, words) : t("activity.someone");
    }
    case "budget":
      return of(policy.budgets?.find(({ id }) => id === subject)?.for);
    case "schedules":
    case "exceptions":
    case "overrides": {
      const target = targetOf(subject);
      return target ? targetName(target, words) : "";
    }
    case "policy":
      return parts.filter((part) => subject.split(" ").includes(part)).map((part) => t(`did.part_${part}`)).join(", ");
    default:
      return turnWords({ code, subject }, words);
  }
}

const settings = [
  "unknown_allow", "unknown_quarantine", "unknown_refuse", "effect_no-internet", "effect_no-wifi", "clock_keep-last", "clock_allow",
] as const;

/** "Allowed → Refused": a rule of the whole home, before and after. */
function turnWords({ code, subject }: Change, { t }: Words): string {
  const word = (value: string) => {
    const known = settings.find((one) => one === `${code}_${value}`);
    return known ? t(`settings.${known}`) : zoneName(value);
  };
  return subject.split(" ").map(word).join(" → ");
}
