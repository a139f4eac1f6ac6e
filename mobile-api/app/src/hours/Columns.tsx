import type { ReactNode } from "react";
import { useHome } from "../shell/HomeContext";
import { dateOf, dayOf, days, minuteOf, wall, weekOf } from "../time/words";
import { axisStart } from "./axis";
import classes from "./Week.module.css";
import { dayMinutes } from "./week";

const lines = [6, 9, 12, 15, 18, 21, 24, 27];

/** The empty week from six to six: hours at the side, lines, and where now is. Pure picture. */
export function Columns({ children }: { children: ReactNode }) {
  const { words } = useHome();
  const { reader, now } = words;
  const minute = minuteOf(now, reader.zone) - axisStart;
  const today = days.indexOf(dayOf(dateOf(now, reader.zone)));
  const column = (minute < 0 ? today + 6 : today) % 7;
  const place = weekOf(reader.locale).findIndex((day) => days.indexOf(day) === column);
  return (
    <div className={classes.field}>
      <div className={classes.hours} aria-hidden>
        {lines.map((hour) => (
          <span key={hour} style={{ top: `${((hour * 60 - axisStart) / dayMinutes) * 100}%` }}>
            {wall(hour * 60, reader).replace(":00", "")}
          </span>
        ))}
      </div>
      <div className={classes.week}>
        {lines.map((hour) => (
          <i key={hour} className={classes.line} style={{ top: `${((hour * 60 - axisStart) / dayMinutes) * 100}%` }} />
        ))}
        {children}
        <i
          className={classes.now}
          style={{ left: `${(place / 7) * 100}%`, top: `${(((minute + dayMinutes) % dayMinutes) / dayMinutes) * 100}%` }}
        />
      </div>
    </div>
  );
}
