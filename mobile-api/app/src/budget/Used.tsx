import { useTranslation } from "react-i18next";
import classes from "../person/LastWeek.module.css";
import { span } from "../time/words";

/** What is used of a daily time, in minutes: "45 min of 2 h". */
export function Used({ used, amount }: { used: number; amount: number }) {
  const { t } = useTranslation();
  return (
    <>
      <small>{t("budget.used", { used: span(used), amount: span(amount) })}</small>
      <div className={classes.bar} aria-hidden>
        <i style={{ width: `${Math.min(100, amount > 0 ? (used / amount) * 100 : 100)}%` }} />
      </div>
    </>
  );
}
