import type { Budget, Exception, Policy, Schedule, Target, Verdict } from "../api/client";
import { ruleName } from "../hours/name";
import { dayRange, minutes, moment, type Reader, span, wall } from "../time/words";
import type { TFunction } from "i18next";

export type Tone = "online" | "paused" | "problem";
export type Said = {
  text: string;
  tone: Tone;
  /** It names nobody and nothing that a person has typed: words of the catalogue, times and durations. */
  open: boolean;
};

/** What a sentence about a device needs to know beside its verdict. */
export type Context = {
  t: TFunction<"words">;
  reader: Reader;
  now: Date;
  policy: Policy;
};

/** State, reason, end and author of a verdict in one sentence. */
export function say(verdict: Verdict, ctx: Context): Said {
  return { text: words(verdict, ctx), tone: toneOf(verdict), open: !names(verdict, ctx.policy) };
}

/** Whether the sentence of a verdict has a name in it: of who paused, or of a rule. */
function names({ reason: { kind, id } }: Verdict, policy: Policy): boolean {
  if (kind === "pause" || kind === "bonus") return Boolean(policy.overrides?.find((one) => one.id === id)?.by);
  return kind === "schedule" && Boolean(policy.schedules?.find((one) => one.id === id)?.name);
}

function toneOf(verdict: Verdict): Tone {
  if (verdict.online) return "online";
  return verdict.reason.kind === "refused" ? "problem" : "paused";
}

function words(verdict: Verdict, ctx: Context): string {
  const { t, now, reader } = ctx;
  const at = (text: string) => moment(new Date(text), now, reader);
  const name = ctx.policy.overrides?.find(({ id }) => id === verdict.reason.id)?.by;
  const { until, changes } = verdict;
  switch (verdict.reason.kind) {
    case "refused":
      return t("state.refused");
    case "pause":
      if (!until) return name ? t("state.pausedNoEndBy", { name }) : t("state.pausedNoEnd");
      return name ? t("state.pausedUntilBy", { time: at(until), name }) : t("state.pausedUntil", { time: at(until) });
    case "bonus":
      if (!until) return t("state.online");
      return name ? t("state.bonusBy", { time: at(until), name }) : t("state.bonus", { time: at(until) });
    case "exception":
      if (!verdict.online) return changes ? t("state.specialOffline", { time: at(changes) }) : t("state.scheduleNoEnd", { rule: t("reason.exception") });
      return changes ? t("state.specialOnline", { time: at(changes) }) : t("state.specialFree");
    case "budget":
      return budgetWords(verdict, ctx);
    case "schedule": {
      const rule = scheduleName(ctx.policy.schedules?.find((s) => s.id === verdict.reason.id), ctx);
      return changes ? t("state.schedule", { rule, time: at(changes) }) : t("state.scheduleNoEnd", { rule });
    }
    case "unknown":
      return verdict.online ? t("state.unknownOnline") : t("state.unknownOffline");
    case "allowed":
      return changes ? t("state.onlineUntil", { time: at(changes) }) : t("state.online");
  }
}

function budgetWords(verdict: Verdict, { t, now, reader, policy }: Context): string {
  if (verdict.online || !verdict.changes) return t(verdict.online ? "state.online" : "reason.budget");
  const time = moment(new Date(verdict.changes), now, reader);
  const budget = policy.budgets?.find((b) => b.id === verdict.reason.id);
  return budget ? t("state.budgetOf", { amount: span(budget.amount / 60), time }) : t("state.budget", { time });
}

type Namer = Pick<Context, "t">;

export function scheduleName(rule: Schedule | undefined, { t }: Namer): string {
  if (!rule) return t("reason.schedule");
  const start = minutes(rule.start);
  const name = ruleName({ name: rule.name ?? "", start, end: start + rule.duration / 60 }, t);
  return rule.for.home ? t("rule.ofHome", { name }) : name;
}

/** "Sun–Thu, 21:30 → 07:00 the next day". */
export function scheduleLine(rule: Schedule, { t, reader }: Pick<Context, "t" | "reader">): string {
  const start = minutes(rule.start);
  return t("rule.line", {
    days: dayRange(rule.days, reader) || t("rule.everyDay"),
    start: wall(start, reader),
    end: endWords(start + rule.duration / 60, { t, reader }),
  });
}

export function endWords(end: number, { t, reader }: Pick<Context, "t" | "reader">): string {
  const time = wall(end, reader);
  const later = Math.floor(end / 1440);
  if (later === 0 || end === 1440) return time;
  return later === 1 ? t("rule.nextDay", { end: time }) : t("rule.laterDay", { end: time, count: later });
}

export function budgetLine(budget: Budget, { t, reader }: Pick<Context, "t" | "reader">): string {
  return t("budget.line", { days: dayRange(budget.days, reader) || t("rule.everyDay"), amount: span(budget.amount / 60) });
}

export function exceptionLine(exception: Exception, { t, reader }: Pick<Context, "t" | "reader">): string {
  if (exception.windows.length === 0) return t("days.freeLine");
  const windows = exception.windows
    .map((w) => `${wall(minutes(w.start), reader)}–${wall(minutes(w.start) + w.duration / 60, reader)}`)
    .join(", ");
  return t("days.line", { windows });
}

/** Whom a target means, in words. */
export function targetName(target: Target, { t, policy }: Pick<Context, "t" | "policy">): string {
  if (target.home) return t("app.everyone");
  const list = target.person ? policy.people : policy.devices;
  const id = target.person ?? target.device;
  return list?.find((entry) => entry.id === id)?.name ?? t("activity.someone");
}
