import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { type Day, dayName, weekOf } from "../time/words";
import classes from "./RuleForm.module.css";

type Props = { chosen: readonly Day[]; toggle: (day: Day) => void; label?: string; keepOne?: boolean };

/** The days of the week, in the reader's order; one always stays where `keepOne` says so. */
export function DayChoice({ chosen, toggle, label, keepOne = true }: Props) {
  const { t } = useTranslation();
  const { reader } = useHome().words;
  return (
    <div className={classes.days} role="group" aria-label={label ?? t("hours.days")}>
      {weekOf(reader.locale).map((day) => {
        const on = chosen.includes(day);
        return (
          <label key={day} className={classes.day} title={dayName(day, reader)}>
            <input
              type="checkbox"
              checked={on}
              disabled={keepOne && on && chosen.length === 1}
              aria-label={dayName(day, reader)}
              onChange={() => toggle(day)}
            />
            <span aria-hidden>{dayName(day, reader, "short").replace(".", "")}</span>
          </label>
        );
      })}
    </div>
  );
}
