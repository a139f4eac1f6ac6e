import { useTranslation } from "react-i18next";
import type { Row } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./Outlook.module.css";
import { reasonName } from "./winner";

type Props = { rows: Row[]; span: { from: string; to: string }; at: Date };

/** A whole day of one device: as a strip, and as a table one tap away. */
export function DayStrip({ rows, span, at }: Props) {
  const { t } = useTranslation();
  const { words } = useHome();
  const { reader } = words;
  const from = Date.parse(span.from);
  const share = (time: number) => ((time - from) / (Date.parse(span.to) - from)) * 100;
  const time = (text: string) => clock(new Date(text), reader);
  return (
    <div>
      <div className={classes.strip} aria-hidden>
        {rows.map((row) => (
          <i
            key={row.from}
            data-online={row.online}
            style={{ left: `${share(Date.parse(row.from))}%`, width: `${share(Date.parse(row.to)) - share(Date.parse(row.from))}%` }}
          />
        ))}
        <b style={{ left: `${share(at.getTime())}%` }} />
      </div>
      <div className={classes.scale} aria-hidden>
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{String(hour % 24).padStart(2, "0")}</span>
        ))}
      </div>
      <details className={classes.details}>
        <summary>{t("outlook.table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("outlook.from")}</th>
              <th scope="col">{t("outlook.to")}</th>
              <th scope="col">{t("outlook.state")}</th>
              <th scope="col">{t("outlook.reason")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.from}>
                <td>{time(row.from)}</td>
                <td>{time(row.to)}</td>
                <td>{t(row.online ? "outlook.online" : "outlook.offline")}</td>
                <td>{reasonName(row.reason, words)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {(words.policy.budgets ?? []).length > 0 && <p>{t("outlook.budgetNote")}</p>}
      </details>
    </div>
  );
}
