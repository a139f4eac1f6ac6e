import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { dateOf, dayName, dayOf, weekOf } from "../time/words";
import { Bars } from "./Bars";
import { Columns } from "./Columns";
import { Legend } from "./Legend";
import classes from "./Week.module.css";
import type { Rule } from "./week";

/** The week to look at. The list of rules beside it says the same in words. */
export function WeekPicture({ name, rules, behind = [] }: { name: string; rules: readonly Rule[]; behind?: readonly Rule[] }) {
  const { t } = useTranslation();
  const { reader, now } = useHome().words;
  const today = dayOf(dateOf(now, reader.zone));
  return (
    <div role="img" aria-label={t("hours.gridLabel", { name })}>
      <div className={classes.picture}>
        <div className={classes.heads}>
          <span />
          {weekOf(reader.locale).map((day) => (
            <span key={day} className={day === today ? classes.today : undefined}>
              {dayName(day, reader, "short")}
            </span>
          ))}
        </div>
        <Columns>
          <Bars rules={behind} behind />
          <Bars rules={rules} />
        </Columns>
      </div>
      <Legend behind={behind.length > 0} />
    </div>
  );
}
