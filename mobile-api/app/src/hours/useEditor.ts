import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Context } from "../home/sentence";
import { announce } from "../shell/announcement";
import { type Day, dayName, dayRange, wall } from "../time/words";
import { back, begin, forth, step, type Trail } from "./history";
import { copyDay, lay, normal, type Rule, split, without } from "./week";

type Selection = { rule: string; day: Day };

export type Editor = {
  rules: Rule[];
  selection: Selection | null;
  note: string;
  canUndo: boolean;
  canRedo: boolean;
  select: (selection: Selection | null) => void;
  /** Puts a rule, new or changed, into the week; ranges that touch become one, and it is said. */
  put: (rule: Rule, day?: Day) => void;
  remove: (id: string, day?: Day) => void;
  /** Takes the selected day out of its rule, to be changed alone. */
  alone: () => void;
  copy: (from: Day, to: readonly Day[]) => void;
  undo: () => void;
  redo: () => void;
};

/** The week while it is edited. */
export function useEditor(initial: Rule[], words: Pick<Context, "t" | "reader">): Editor {
  const { t } = useTranslation();
  const [trail, setTrail] = useState<Trail<Rule[]>>(() => begin(initial));
  const [selection, select] = useState<Selection | null>(null);
  const [note, setNote] = useState("");
  const rules = trail.now;

  const say = (text: string) => {
    setNote(text);
    announce(text);
  };
  const line = (rule: Rule) =>
    t("hours.announce", {
      days: dayRange(rule.days, words.reader) || t("rule.everyDay"),
      start: wall(rule.start, words.reader),
      end: wall(rule.end, words.reader),
    });

  const moved = (next: Trail<Rule[]>) => {
    setTrail(next);
    setNote("");
    if (selection && !next.now.some(({ id, days }) => id === selection.rule && days.includes(selection.day))) select(null);
  };

  return {
    rules,
    selection,
    note,
    canUndo: trail.past.length > 0,
    canRedo: trail.future.length > 0,
    select,
    put: (changed, day) => {
      const rule = normal(changed);
      const laid = lay(rules, rule);
      const chosen = laid.rules.find(({ id }) => id === laid.selected);
      setTrail(step(trail, laid.rules));
      if (chosen) {
        const wanted = day ?? selection?.day;
        select({ rule: chosen.id, day: wanted && chosen.days.includes(wanted) ? wanted : (chosen.days[0] ?? "Monday") });
        say(laid.merged ? t("hours.merged") : line(chosen));
        if (!laid.merged) setNote("");
      }
    },
    remove: (id, day) => {
      const rule = rules.find((r) => r.id === id);
      setTrail(step(trail, day ? without(rules, id, day) : rules.filter((r) => r.id !== id)));
      select(null);
      if (rule) say(t("hours.removed", { rule: line(day ? { ...rule, days: [day] } : rule) }));
    },
    alone: () => {
      if (!selection) return;
      const apart = split(rules, selection.rule, selection.day);
      setTrail(step(trail, apart.rules));
      select({ rule: apart.id, day: selection.day });
    },
    copy: (from, to) => {
      setTrail(step(trail, copyDay(rules, from, to)));
      say(t("hours.copied", { day: dayName(from, words.reader) }));
    },
    undo: () => moved(back(trail)),
    redo: () => moved(forth(trail)),
  };
}
