import { useTranslation } from "react-i18next";
import type { Figures, Hold } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { decibels, megabits } from "./rate";
import classes from "./Tv.module.css";
import { strengthOf } from "./who";

/** How the TV was received before its place was kept, and how it is now; each with its time. */
export function FiguresTable({ hold, name }: { hold: Hold; name: string }) {
  const { t } = useTranslation();
  const { now, reader } = useHome().words;
  const columns = [
    ...(hold.before ? [{ title: t("tv.before"), of: hold.before }] : []),
    ...(hold.after ? [{ title: t("tv.after"), of: hold.after }] : []),
  ];
  if (columns.length === 0) return null;
  const lines: { title: string; of: (figures: Figures) => string }[] = [
    { title: t("tv.signal"), of: ({ signal }) => `${t(`tv.signal_${strengthOf(signal)}`)} · ${t("tv.dbm", { n: decibels(signal) })}` },
    { title: t("tv.retries"), of: ({ retries }) => (retries < 0 ? "–" : t("tv.percent", { n: retries })) },
    { title: t("tv.speed"), of: ({ rate }) => t("tv.mbits", { n: megabits(rate, reader) }) },
  ];
  return (
    <table className={classes.figures}>
      <caption>{t("tv.figures", { name })}</caption>
      <thead>
        <tr>
          <td />
          {columns.map(({ title, of }) => (
            <th key={title} scope="col">
              {title} <small>{moment(new Date(of.at), now, reader)}</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.title}>
            <th scope="row">{line.title}</th>
            {columns.map(({ title, of }) => (
              <td key={title}>{line.of(of)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
