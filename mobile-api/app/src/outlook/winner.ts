import type { Reason, Row, Schedule } from "../api/client";
import { type Context, exceptionLine, scheduleName } from "../home/sentence";
import { addDays, dateOf, dateWords, dayOf, minuteOf, minutes } from "../time/words";

type Words = Pick<Context, "t" | "policy" | "reader">;

/** The rule that decides, by its name. */
export function reasonName(reason: Reason, words: Words): string {
  const { t, policy, reader } = words;
  if (reason.kind === "schedule") return scheduleName(policy.schedules?.find(({ id }) => id === reason.id), words);
  if (reason.kind === "exception") {
    const exception = policy.exceptions?.find(({ id }) => id === reason.id);
    if (exception) return `${t("reason.exception")} ${dateWords(exception.date, reader, "short")} (${exceptionLine(exception, words)})`;
  }
  return t(`reason.${reason.kind}`);
}

/** The row of a device that covers an instant. */
export function rowAt(rows: readonly Row[], device: string, at: Date): Row | undefined {
  return rows.find((row) => row.device === device && Date.parse(row.from) <= at.getTime() && at.getTime() < Date.parse(row.to));
}

/** Whether a weekly rule would cut at an instant of the home's wall clock. */
export function covers(schedule: Schedule, at: Date, zone: string): boolean {
  const date = dateOf(at, zone);
  const minute = minuteOf(at, zone);
  const start = minutes(schedule.start);
  const end = start + schedule.duration / 60;
  for (let back = 0; back <= Math.ceil(end / 1440); back++) {
    const now = minute + back * 1440;
    if (schedule.days.includes(dayOf(addDays(date, -back))) && start <= now && now < end) return true;
  }
  return false;
}

/** The weekly rules that would have decided there, were it not for the winner. */
export function losersOf(row: Row, at: Date, words: Words): Schedule[] {
  const { policy, reader } = words;
  const owner = policy.devices?.find(({ id }) => id === row.device)?.person;
  return (policy.schedules ?? []).filter(
    ({ id, for: who, ...rest }) =>
      id !== row.reason.id &&
      (who.home || who.device === row.device || (owner && who.person === owner)) &&
      covers({ id, for: who, ...rest }, at, reader.zone),
  );
}
