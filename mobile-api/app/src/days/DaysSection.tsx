import { ActionIcon, Button } from "@mantine/core";
import { IconCalendarPlus, IconMoonStars, IconTrash } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Exception, Target } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { deleteOf } from "../change/wish";
import { exceptionLine } from "../home/sentence";
import { sameTarget } from "../home/standing";
import { Section } from "../person/Section";
import classes from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { dateOf, dateWords } from "../time/words";
import { daysAhead } from "./exception";

const AddDays = lazy(() => import("./AddDays"));
const Tonight = lazy(() => import("./Tonight"));
const few = 3;

/** Dates with hours of their own: the next ones, tonight, and more. */
export function DaysSection({ target, name }: { target: Target; name: string }) {
  const { t } = useTranslation();
  const { state, words, decides, locked } = useHome();
  const [open, setOpen] = useState<"add" | "tonight" | null>(null);
  const [all, setAll] = useState(false);
  const today = dateOf(words.now, words.reader.zone);
  const ahead = daysAhead(state.policy, target, today);
  const button = { variant: "default", h: 48, disabled: locked !== null, title: locked ?? undefined } as const;
  return (
    <Section title={t("person.days")} hint={t("person.daysText")}>
      {decides && (
        <div className={classes.presets}>
          <Button {...button} leftSection={<IconMoonStars size={20} aria-hidden />} onClick={() => setOpen("tonight")}>
            {t("days.tonight")}
          </Button>
          <Button {...button} leftSection={<IconCalendarPlus size={20} aria-hidden />} onClick={() => setOpen("add")}>
            {t("days.add")}
          </Button>
        </div>
      )}
      {ahead.length === 0 ? (
        <p className={classes.hint}>{t("days.none")}</p>
      ) : (
        <ul className={classes.lines}>
          {(all ? ahead : ahead.slice(0, few)).map((exception) => (
            <Line key={exception.id} exception={exception} target={target} name={name} today={today} />
          ))}
        </ul>
      )}
      {ahead.length > few && (
        <Button variant="subtle" h={44} fullWidth aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("home.fewer") : t("home.more", { count: ahead.length - few })}
        </Button>
      )}
      <Suspense>
        {open === "add" && <AddDays target={target} name={name} close={() => setOpen(null)} />}
        {open === "tonight" && <Tonight target={target} name={name} close={() => setOpen(null)} />}
      </Suspense>
    </Section>
  );
}

type LineProps = { exception: Exception; target: Target; name: string; today: string };

function Line({ exception, target, name, today }: LineProps) {
  const { t } = useTranslation();
  const { id, words, decides, locked } = useHome();
  const { ask } = useChanges();
  const date = exception.date === today ? t("days.today") : dateWords(exception.date, words.reader);
  const own = sameTarget(exception.for, target);
  return (
    <li>
      <div>
        <strong>{[exception.name, date, own ? "" : t("days.ofHome")].filter(Boolean).join(" · ")}</strong>
        <small>{exceptionLine(exception, words)}</small>
      </div>
      {own && decides && (
        <ActionIcon
          size={44}
          variant="subtle"
          color="gray"
          disabled={locked !== null}
          aria-label={`${t("app.remove")}: ${date}`}
          onClick={() => void ask(deleteOf(id, "exceptions", exception.id, t("change.what_rule", { name })))}
        >
          <IconTrash size={20} aria-hidden />
        </ActionIcon>
      )}
    </li>
  );
}
