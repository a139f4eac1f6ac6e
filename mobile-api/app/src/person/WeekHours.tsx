import { useTranslation } from "react-i18next";
import outlook from "../outlook/Outlook.module.css";
import { useHome } from "../shell/HomeContext";
import { dateWords, dayName, dayOf, span, wall } from "../time/words";
import classes from "./LastWeek.module.css";
import { busyHours, totalOf, type WeekDay } from "./counted";

/** Seven days of minutes online by hour: as a picture, and as a table one tap away. */
export function WeekHours({ days }: { days: WeekDay[] }) {
  const { t } = useTranslation();
  const { reader } = useHome().words;
  return (
    <div>
      <div className={classes.days} aria-hidden>
        {days.map((day) => (
          <div key={day.date} className={classes.day}>
            <span className={classes.name}>{dayName(dayOf(day.date), reader, "short")}</span>
            <div className={classes.hours}>
              {day.minutes.map((minutes, hour) => (
                <i key={hour} style={{ height: `${Math.min(100, (minutes / 60) * 100)}%` }} />
              ))}
            </div>
          </div>
        ))}
      </div>
      <div className={classes.scale} aria-hidden>
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{String(hour % 24).padStart(2, "0")}</span>
        ))}
      </div>
      <details className={outlook.details}>
        <summary>{t("outlook.table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("outlook.date")}</th>
              <th scope="col">{t("lastWeek.total")}</th>
              <th scope="col">{t("lastWeek.byHour")}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.date}>
                <th scope="row">{dateWords(day.date, reader, "short")}</th>
                <td>{span(totalOf(day))}</td>
                <td>
                  {busyHours(day)
                    .map(({ hour, minutes }) => t("lastWeek.hour", { hour: wall(hour * 60, reader), amount: span(minutes) }))
                    .join(" · ")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
