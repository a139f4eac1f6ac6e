import type { Change, HistoryEntry, Target } from "../api/client";
import { targetOf } from "./target";
import { type Context, scheduleName, targetName } from "../home/sentence";
import { dateWords } from "../time/words";
import { nameOf as placeName } from "../tv/truth";

const codes = [
  "pause", "bonus", "resume", "lift", "undo", "person", "person-removed", "device", "device-removed", "schedule", "schedule-removed",
  "exception", "exception-removed", "budget", "budget-removed", "reservation", "reservation-removed", "policy", "create", "renumber",
] as const;

type Words = Pick<Context, "t" | "policy" | "reader">;

/** "Camille paused Léo". A code of a newer server is "changed something". */
export function didWords({ actor, change }: Pick<HistoryEntry, "actor" | "change">, words: Words): string {
  const code = codes.find((known) => known === change.code) ?? "changed";
  return words.t(`did.${code}`, { actor: actor.name || words.t("activity.carebox"), subject: subjectWords(change, words) });
}

/** What a change was about, by today's names. */
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
  }
  return "";
}
