import { useTranslation } from "react-i18next";
import classes from "./Week.module.css";

export function Legend({ behind }: { behind: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={classes.legend} aria-hidden>
      <span>
        <i className={classes.key} data-of="offline" />
        {t("hours.legend")}
      </span>
      <span>
        <i className={classes.key} />
        {t("hours.legendOnline")}
      </span>
      {behind && (
        <span>
          <i className={classes.key} data-of="behind" />
          {t("person.homeHours")}
        </span>
      )}
      <span>
        <i className={classes.key} data-of="now" />
        {t("hours.now")}
      </span>
    </div>
  );
}
