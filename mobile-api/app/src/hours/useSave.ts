import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Target } from "../api/client";
import { Refusal } from "../api/refusal";
import { useChanges } from "../change/ChangeContext";
import { whyNot } from "../change/failure";
import { problemWords } from "../change/problem";
import { useHome } from "../shell/HomeContext";
import { saveOf } from "./save";
import { ownSchedules } from "./target";
import { differences, type Rule, rulesOf } from "./week";

/** Saving a week: from what it was when the editor opened, unless somebody changed the same hours meanwhile. */
export function useSave(target: Target, name: string, done: () => void) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const { propose, busy } = useChanges();
  const [base] = useState(() => rulesOf(ownSchedules(state.policy, target)));
  const [clash, setClash] = useState(false);
  const [mistakes, setMistakes] = useState<string[]>([]);
  const free = useRef(false);
  const theirs = rulesOf(ownSchedules(state.policy, target));

  const send = async (rules: Rule[], before: Rule[]): Promise<void> => {
    setClash(false);
    setMistakes([]);
    try {
      await propose(saveOf(id, target, { before, after: rules }, t("hours.saved", { name })));
      free.current = true;
      done();
    } catch (error) {
      if (error instanceof Refusal && error.status === 412) return setClash(true);
      const problems = error instanceof Refusal ? error.problem.problems : undefined;
      setMistakes(problems?.map((problem) => problemWords(problem, t)) ?? [whyNot(error as Error, t)]);
    }
  };

  return {
    base,
    theirs,
    clash,
    mistakes,
    busy,
    count: (rules: Rule[]) => differences(base, rules),
    save: (rules: Rule[]) => (differences(base, theirs) > 0 ? setClash(true) : send(rules, theirs)),
    force: (rules: Rule[]) => send(rules, theirs),
    close: () => setClash(false),
    /** Lets the editor be left with unsaved work. */
    release: () => {
      free.current = true;
    },
    released: () => free.current,
  };
}
