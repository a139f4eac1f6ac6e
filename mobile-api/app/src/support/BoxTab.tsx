import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type BoxQuery } from "../api/client";
import { whyNot } from "../change/failure";
import { exactClock } from "../time/words";
import { useConsole } from "./ConsoleContext";
import { Figure } from "./Figure";
import { courseOf } from "./live";
import { isReady, type Kind, kinds, linesOf, questionOf, verdict } from "./measure";
import { boxQueriesQuery, boxQueryQuery } from "./query";
import classes from "./Session.module.css";
import { usePlace } from "./usePlace";

const newest = 8; // that are shown at first

/** What the box is asked under a session, and what it answers as it comes. */
export function BoxTab({ session, on }: { session: string; on: boolean }) {
  const { t } = useTranslation("support");
  const { data = [] } = useQuery(boxQueriesQuery(session));
  const [all, setAll] = useState(false);
  const shown = all ? data : data.slice(0, newest);
  return (
    <>
      {on && <Question session={session} />}
      {data.length === 0 && <p>{t("measure.none")}</p>}
      {shown.map((query) => (
        <Answer key={query.id} session={session} query={query} on={on} />
      ))}
      {shown.length < data.length && (
        <Button variant="default" onClick={() => setAll(true)}>
          {t("live.earlier", { n: data.length - shown.length })}
        </Button>
      )}
    </>
  );
}

function Question({ session }: { session: string }) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const client = useQueryClient();
  const [kind, setKind] = usePlace<Kind>(`measure ${session}`, "ping");
  const [told, setTold] = usePlace<string>(`told ${session}`, "");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const wants = kinds[kind];
  const choose = (next: Kind) => {
    setKind(next);
    setTold(kinds[next]?.first ?? "");
  };
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      await answer(api.POST("/staff/sessions/{session}/queries", { params: { path: { session } }, body: questionOf(kind, told) }));
    } catch (error) {
      setWrong(whyNot(error as Error, tell));
    }
    await client.invalidateQueries({ queryKey: boxQueriesQuery(session).queryKey });
    setBusy(false);
  };
  return (
    <form className={classes.question} onSubmit={(event) => void ask(event)}>
      <NativeSelect
        id="support-measure"
        label={t("measure.what")}
        value={kind}
        onChange={(event) => choose(event.currentTarget.value as Kind)}
        data={(Object.keys(kinds) as Kind[]).map((value) => ({ value, label: t(`measure.kind_${value}`) }))}
      />
      {wants?.field === "direction" && (
        <NativeSelect
          label={t("measure.direction")}
          value={told}
          onChange={(event) => setTold(event.currentTarget.value)}
          data={(["down", "up"] as const).map((value) => ({ value, label: t(`measure.direction_${value}`) }))}
        />
      )}
      {wants && wants.field !== "direction" && (
        <TextInput label={t(`measure.field_${wants.field}`)} maxLength={200} value={told} onChange={(event) => setTold(event.currentTarget.value)} />
      )}
      <Button type="submit" loading={busy} disabled={!isReady(kind, told)}>
        {t("measure.ask")}
      </Button>
      <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>
    </form>
  );
}

function Answer({ session, query, on }: { session: string; query: BoxQuery; on: boolean }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  const { t: tell } = useTranslation();
  const client = useQueryClient();
  const [wrong, setWrong] = useState("");
  const { data = query } = useQuery(boxQueryQuery(session, query.id));
  const said = verdict(data, t);
  const lines = isDrawn(data.kind) ? [] : linesOf(data.kind, data.results);
  const { direction } = data.args;
  const way = direction === "up" || direction === "down" ? t(`measure.direction_${direction}`) : "";
  const told = way || Object.values(data.args).map(String).join(" ");
  const cancel = async () => {
    setWrong("");
    try {
      await answer(api.DELETE("/staff/sessions/{session}/queries/{query}", { params: { path: { session, query: query.id } } }));
    } catch (error) {
      setWrong(whyNot(error as Error, tell));
    }
    await client.invalidateQueries({ queryKey: boxQueriesQuery(session).queryKey });
  };
  return (
    <article className={classes.query} aria-label={`${t(`measure.kind_${data.kind}`)} ${told}`.trim()}>
      <h4>
        {t(`measure.kind_${data.kind}`)} {told} <small>{exactClock(new Date(data.asked), words.reader)}</small>
      </h4>
      <p role="status">{said || t("measure.running")}</p>
      {data.detail && <p>{data.detail}</p>}
      <Course query={data} />
      {lines.length > 0 && <pre tabIndex={0}>{lines.join("\n")}</pre>}
      {data.state === "running" && on && (
        <Button size="sm" variant="default" onClick={() => void cancel()}>
          {t("cancel")}
        </Button>
      )}
      <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>
      {data.kind === "bundle" && data.state === "done" && lines.length > 0 && <Save name={`bundle-${data.id}.txt`} text={lines.join("\n")} />}
    </article>
  );
}

const isDrawn = (kind: BoxQuery["kind"]) => kind === "ping" || kind === "speed";

/** A ping by its packets, a speed test by its seconds, while it goes on and after. */
function Course({ query }: { query: BoxQuery }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  const number = new Intl.NumberFormat(words.reader.locale, { maximumFractionDigits: 2 });
  const isPing = query.kind === "ping";
  const title = t(isPing ? "live.course_ping" : "live.course_speed");
  const lines = courseOf(query, title);
  if (lines.length === 0) return null;
  const beside = (y: number) => t(isPing ? "live.ms" : "live.mbits", { n: number.format(y) });
  return <Figure title={title} lines={lines} beside={beside} along={number.format} column={t(isPing ? "live.packet" : "live.second")} empty="" />;
}

function Save({ name, text }: { name: string; text: string }) {
  const { t } = useTranslation("support");
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Button size="sm" variant="default" onClick={save}>
      {t("measure.save")}
    </Button>
  );
}
