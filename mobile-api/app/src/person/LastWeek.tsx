import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { devicesOf } from "../hours/target";
import { useHome } from "../shell/HomeContext";
import { lastWeekQuery } from "./counted";
import { Section } from "./Section";
import classes from "./Section.module.css";
import { WeekCuts } from "./WeekCuts";
import { WeekHours } from "./WeekHours";

/** How long a person was online in the last seven days, and when and why they were cut. */
export function LastWeek({ person }: { person: string }) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const { data, isError } = useQuery(lastWeekQuery(id, person));
  if (!data && !isError) return null;
  return (
    <Section title={t("lastWeek.title")} hint={t("lastWeek.lead")}>
      {data ? (
        <>
          <WeekHours days={data.days} />
          <WeekCuts cuts={data.cuts} devices={devicesOf(state.policy, { person })} />
        </>
      ) : (
        <p className={classes.hint}>{t("lastWeek.unknown")}</p>
      )}
    </Section>
  );
}
