import { Button } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useHome } from "../shell/HomeContext";
import classes from "./Guide.module.css";
import { type BoxQuery, judge } from "./measure";
import type { At } from "./QuestionNode";

const pause = 500;
const seconds = 20; // that the box has
const patience = 30_000;

/** A measurement on the box: it goes on by itself, and nobody has to wait for it. */
export function Measuring({ node, go }: At) {
  const { t } = useTranslation();
  const { id: home, words } = useHome();
  const done = useEffectEvent((query: BoxQuery | null) => go(query ? judge(query, words.reader) : { answer: "unknown" }, true));
  const { query: kind, args } = node;
  useEffect(() => {
    if (!kind) return;
    const left = new AbortController();
    ask(home, { kind, args: args ?? {}, seconds }, left.signal).then(
      (query) => !left.signal.aborted && done(query),
      () => !left.signal.aborted && done(null),
    );
    return () => left.abort();
  }, [home, kind, args]);
  return (
    <div className={classes.answers}>
      <div className={classes.thread} />
      <Button size="lg" variant="subtle" color="gray" onClick={() => go({ answer: "unknown" }, true)}>
        {t("guide.skip")}
      </Button>
    </div>
  );
}

type Question = components["schemas"]["BoxQuestion"];

/** Asks the box, and looks until it has answered to the end. */
async function ask(home: string, body: Question, signal: AbortSignal): Promise<BoxQuery> {
  const { id } = await answer(api.POST("/homes/{home}/queries", { params: { path: { home } }, body, signal }));
  const until = Date.now() + patience;
  for (;;) {
    const query = await answer(api.GET("/homes/{home}/queries/{query}", { params: { path: { home, query: id } }, signal }));
    if (query.state !== "running" || Date.now() > until) return query;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
