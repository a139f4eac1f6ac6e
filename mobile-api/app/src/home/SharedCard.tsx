import { useTranslation } from "react-i18next";
import type { DeviceRow } from "../api/client";
import { DeviceLink } from "../parts/DeviceLink";
import classes from "./HomeScreen.module.css";

/** What belongs to everyone: TV, console, printer. */
export function SharedCard({ rows }: { rows: DeviceRow[] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="shared">
      <div className={classes.section}>
        <h2 id="shared" className={classes.heading}>
          {t("home.shared")}
        </h2>
      </div>
      <div className={classes.card}>
        {rows.map((row) => (
          <DeviceLink key={row.mac} row={row} />
        ))}
      </div>
    </section>
  );
}
