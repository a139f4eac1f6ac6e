import { Button } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { BoxQuery, SupportSession } from "../api/client";
import { whyNot } from "../change/failure";
import { useNow } from "../shell/useNow";
import { exactClock } from "../time/words";
import { decibels } from "../tv/rate";
import { bandWords } from "../tv/words";
import { Behalf } from "./Behalf";
import { useConsole } from "./ConsoleContext";
import { Figure } from "./Figure";
import classes from "./Live.module.css";
import {
  countLines, lastHost, latencyLines, type Line, loadLines, type Reports, seenIn, signalLines, speedLines, stationName, watchedKinds,
} from "./live";
import { boxQueriesQuery, boxQueryQuery } from "./query";
import { Reported } from "./Reported";
import { allows } from "./session";
import { useReports } from "./useReports";
import { useWatch } from "./useWatch";
import { agoWords } from "./words";

const drawn = 60; // questions, the newest

/**
 * The box as it goes, as far as the customer allows: what it reports by itself needs `see` or `change`, what it is asked
 * `diagnose`. What was learnt stays when nothing more can be.
 */
export function Live({ session }: { session: SupportSession }) {
  const { t } = useTranslation("support");
  const [reports, keep] = useReports(session.id);
  const queries = useAnswers(session.id);
  const reads = allows(session, "see") || allows(session, "change");
  const asks = allows(session, "diagnose");
  return (
    <section className={classes.live} aria-label={t("live.title")}>
      {reads && (
        <Behalf session={session}>
          <Reported keep={keep} />
        </Behalf>
      )}
      {asks && !reads && <p className={classes.quiet}>{t("live.seeOff")}</p>}
      {asks && <Watching session={session.id} queries={queries} />}
      <Figures queries={queries} reports={reports} />
    </section>
  );
}

/** What the box was asked that can be drawn, each with its answer so far. */
function useAnswers(session: string): BoxQuery[] {
  const { data = [] } = useQuery(boxQueriesQuery(session));
  const shown = data.filter(({ kind }) => ["ping", "speed", "survey", "stations"].includes(kind)).slice(0, drawn);
  const all = useQueries({ queries: shown.map(({ id }) => boxQueryQuery(session, id)) });
  return all.flatMap(({ data: query }) => query ?? []);
}

function Watching({ session, queries }: { session: string; queries: readonly BoxQuery[] }) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const { until, begin, stop, wrong } = useWatch(session, queries);
  if (watchedKinds(queries).length === 0) return <p className={classes.quiet}>{t("live.noRadio")}</p>;
  return (
    <div className={classes.watch}>
      <Button size="sm" variant="default" onClick={until ? stop : begin}>
        {t(until ? "live.stop" : "live.watch")}
      </Button>
      <span role="status">{t(until ? "live.watching" : "live.watchHint")}</span>
      {until && <Left until={until} />}
      <div role="alert">{wrong && <p className={classes.wrong}>{whyNot(wrong, tell)}</p>}</div>
    </div>
  );
}

function Left({ until }: { until: number }) {
  const { t } = useTranslation("support");
  const now = useNow(1_000).getTime();
  return <span>{t("live.left", { n: Math.max(0, Math.round((until - now) / 1000)) })}</span>;
}

function Figures({ queries, reports }: { queries: readonly BoxQuery[]; reports: Reports }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  const { reader, now } = words;
  const number = new Intl.NumberFormat(reader.locale, { maximumFractionDigits: 1 });
  const sights = [...reports.sights, ...seenIn(queries)].sort((a, b) => a.at - b.at);
  const radio = (name: string) => (reports.bands[name] ? `${name} · ${bandWords(reports.bands[name], reader)}` : name);
  const along = (x: number) => exactClock(new Date(x), reader);
  const hint = (lines: readonly Line[]) => {
    const newest = Math.max(...lines.flatMap(({ points }) => points.map(([x]) => x)));
    return Number.isFinite(newest) ? agoWords(newest, now, t) : "";
  };
  const host = lastHost(queries);
  const all: { title: string; lines: Line[]; beside: (y: number) => string; empty: string }[] = [
    {
      title: host ? t("live.latencyTo", { host }) : t("live.latency"),
      lines: latencyLines(queries, (which) => t(`live.${which}`)),
      beside: (y) => t("live.ms", { n: number.format(y) }),
      empty: t("live.latencyEmpty"),
    },
    {
      title: t("live.speed"),
      lines: speedLines(queries, (direction) => t(`measure.direction_${direction}`)),
      beside: (y) => t("live.mbits", { n: number.format(y) }),
      empty: t("live.speedEmpty"),
    },
    { title: t("live.load"), lines: loadLines(sights, radio), beside: (y) => t("live.percent", { n: Math.round(y) }), empty: t("live.loadEmpty") },
    { title: t("live.stations"), lines: countLines(sights, radio), beside: (y) => number.format(y), empty: t("live.stationsEmpty") },
    {
      title: t("live.signal"),
      lines: signalLines(sights, (mac) => stationName(mac, reports.policy)),
      beside: (y) => t("live.dbm", { n: decibels(Math.round(y)) }),
      empty: t("live.stationsEmpty"),
    },
  ];
  return (
    <div className={classes.figures}>
      {all.map(({ title, ...one }) => (
        <Figure key={title} title={title} {...one} time column={t("live.time")} along={along} hint={hint(one.lines)} />
      ))}
    </div>
  );
}
