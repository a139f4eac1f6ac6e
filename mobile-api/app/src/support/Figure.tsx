import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Live.module.css";
import type { GraphProps } from "./Graph";
import { dashOf, inkOf } from "./ink";

const Graph = lazy(() => import("./Graph"));

type Props = Omit<GraphProps, "time"> & {
  title: string;
  /** What the table calls x. */
  column: string;
  /** x is a moment. */
  time?: boolean;
  /** Said while there is nothing to draw. */
  empty: string;
  /** Of when the newest is. */
  hint?: string;
};

const tabled = 40; // rows, the newest

/** A figure over time: drawn, its newest in words, and all of it as a table. */
export function Figure({ title, column, time = false, empty, hint = "", ...graph }: Props) {
  const { t } = useTranslation("support");
  const { lines, along, beside } = graph;
  if (lines.length === 0) {
    return (
      <figure className={classes.figure} aria-label={title}>
        <figcaption>{title}</figcaption>
        <p className={classes.quiet}>{empty}</p>
      </figure>
    );
  }
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => b - a).slice(0, tabled);
  const said = (y: number | null | undefined) => (y === undefined ? "" : y === null ? t("live.nothing") : beside(y));
  return (
    <figure className={classes.figure} aria-label={title}>
      <figcaption>
        {title} {hint && <small>{hint}</small>}
      </figcaption>
      <Suspense fallback={<div className={classes.blank} />}>
        <Graph {...graph} time={time} />
      </Suspense>
      <ul className={classes.legend}>
        {lines.map(({ id, label, points }, i) => (
          <li key={id}>
            <svg width={24} height={8} aria-hidden>
              <line x1={0} x2={24} y1={4} y2={4} strokeWidth={3} strokeDasharray={dashOf(i).join(" ")} style={{ stroke: `var(${inkOf(i)})` }} />
            </svg>
            {label} <strong>{said(points.at(-1)?.[1])}</strong>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("live.table")}</summary>
        <div className={classes.table} tabIndex={0} role="group" aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{column}</th>
                {lines.map(({ id, label }) => (
                  <th key={id} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {xs.map((x) => (
                <tr key={x}>
                  <th scope="row">{along(x)}</th>
                  {lines.map(({ id, points }) => (
                    <td key={id}>{said(points.find(([at]) => at === x)?.[1])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
