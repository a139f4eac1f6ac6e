import type { Policy, Schedule, Target } from "../api/client";
import type { Wish } from "../change/ChangeContext";
import { deleteOf, policyOf, putOf } from "../change/wish";
import { sameTarget } from "../home/standing";
import { equal, type Rule, rulesOf, scheduleOf } from "./week";

/** The policy with these hours for a target, and everything else as it is. */
export function withHours(policy: Policy, target: Target, rules: readonly Rule[]): Policy {
  const others = (policy.schedules ?? []).filter((schedule) => !sameTarget(schedule.for, target));
  return { ...policy, schedules: [...others, ...schedulesOf(rules, target, policy.schedules ?? [])] };
}

/** Hours that nobody touched keep their seconds: the editor counts in minutes. */
function schedulesOf(rules: readonly Rule[], target: Target, known: readonly Schedule[]): Schedule[] {
  return rules.map((rule) => {
    const old = known.find(({ id }) => id === rule.id);
    const same = old && rulesOf([old]).every((before) => equal(before, rule));
    return same ? old : scheduleOf(rule, target);
  });
}

/** One decision for all that was edited: by its own name where only one rule is touched, so that Activity can tell which. */
export function saveOf(home: string, target: Target, trail: { before: readonly Rule[]; after: readonly Rule[] }, label: string): Wish {
  const { before, after } = trail;
  const changed = after.filter((rule) => !before.some((old) => old.id === rule.id && equal(old, rule)));
  const gone = before.filter(({ id }) => !after.some((rule) => rule.id === id));
  const [one] = changed;
  const [lost] = gone;
  if (changed.length === 1 && gone.length === 0 && one) return putOf(home, "schedules", scheduleOf(one, target), label);
  if (changed.length === 0 && gone.length === 1 && lost) return deleteOf(home, "schedules", lost.id, label);
  return policyOf(home, (policy) => withHours(policy, target, after), label);
}
