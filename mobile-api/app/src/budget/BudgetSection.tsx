import { ActionIcon, Button } from "@mantine/core";
import { IconHourglass, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Budget, Target } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { deleteOf } from "../change/wish";
import { budgetLine } from "../home/sentence";
import { sameTarget } from "../home/standing";
import { lastWeekQuery, usedOn } from "../person/counted";
import { Section } from "../person/Section";
import classes from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { dateOf, dayOf } from "../time/words";
import { Used } from "./Used";

const EditBudget = lazy(() => import("./EditBudget"));

/** How long a day; over all of a person's devices. */
export function BudgetSection({ target, name }: { target: Target; name: string }) {
  const { t } = useTranslation();
  const { id, state, words, decides, locked } = useHome();
  const { ask } = useChanges();
  const [editing, setEditing] = useState<Budget | "new" | null>(null);
  const { data: week } = useQuery(lastWeekQuery(id, target.person ?? ""));
  const today = dateOf(words.now, words.reader.zone);
  const used = usedOn(week, today);
  const budgets = (state.policy.budgets ?? []).filter((budget) => sameTarget(budget.for, target));
  const button = { size: 44, variant: "subtle", color: "gray", disabled: locked !== null } as const;
  if (!decides && budgets.length === 0) return null;
  return (
    <Section title={t("person.daily")} hint={t("person.dailyText")}>
      {budgets.length > 0 && (
        <ul className={classes.lines}>
          {budgets.map((budget) => {
            const line = budgetLine(budget, words);
            return (
              <li key={budget.id}>
                <div style={{ flex: 1, minWidth: 0 }}>
                  <strong>{line}</strong>
                  {used !== null && budget.days.includes(dayOf(today)) && <Used used={used} amount={budget.amount / 60} />}
                </div>
                {decides && (
                  <>
                    <ActionIcon {...button} aria-label={t("budget.edit", { line })} onClick={() => setEditing(budget)}>
                      <IconPencil size={20} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      {...button}
                      aria-label={`${t("app.remove")}: ${line}`}
                      onClick={() => void ask(deleteOf(id, "budgets", budget.id, t("budget.saved", { name })))}
                    >
                      <IconTrash size={20} aria-hidden />
                    </ActionIcon>
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {decides && (
        <Button
          variant="default"
          h={48}
          mt={budgets.length > 0 ? "xs" : 0}
          leftSection={<IconHourglass size={20} aria-hidden />}
          disabled={locked !== null}
          title={locked ?? undefined}
          onClick={() => setEditing("new")}
        >
          {t("budget.add")}
        </Button>
      )}
      <Suspense>
        {editing && (
          <EditBudget target={target} name={name} budget={editing === "new" ? null : editing} close={() => setEditing(null)} />
        )}
      </Suspense>
    </Section>
  );
}
