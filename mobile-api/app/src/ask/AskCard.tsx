import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Ask } from "../api/client";
import { asksQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { useChanges } from "../change/ChangeContext";
import { targetName } from "../home/sentence";
import { Face } from "../parts/Face";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./Ask.module.css";

const amounts = [15, 30, 60];

/** One wish of a child: 15, 30, 60 or no. The first parent to answer wins, and the other is told. */
export function AskCard({ ask }: { ask: Ask }) {
  const { t } = useTranslation();
  const { id, words, locked } = useHome();
  const { ask: change, propose, busy } = useChanges();
  const client = useQueryClient();
  const [first, setFirst] = useState("");
  const who = targetName(ask.person ? { person: ask.person } : { device: ask.device }, words);
  const open = ask.state === "sent" || ask.state === "seen";
  const line = t("ask.line", { who, minutes: ask.minutes });

  useEffect(() => {
    if (open) announce(line);
  }, [open, line]);
  useEffect(() => {
    if (ask.state !== "sent" || locked) return;
    const see = answer(api.POST("/homes/{home}/asks/{ask}/seen", { params: { path: { home: id, ask: ask.id } } }));
    see.catch(() => {}); // the child is told nothing wrong: it stays "sent", and the next look tries again
  }, [ask.id, ask.state, id, locked]);

  const reply = async (body: { minutes: number } | { refuse: true }) => {
    const label = "minutes" in body ? t("ask.given", { who, minutes: body.minutes }) : t("ask.refusing", { who });
    const send = () => answer(api.POST("/homes/{home}/asks/{ask}/answer", { params: { path: { home: id, ask: ask.id } }, body }));
    try {
      await propose({ label, send });
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) setFirst(t("ask.first", { name: error.problem.ask?.by ?? "" }));
      else await change({ label, send });
    }
    await client.invalidateQueries({ queryKey: asksQuery(id).queryKey });
  };
  const off = { disabled: locked !== null || busy, title: locked ?? undefined, h: 48, px: 2 } as const;
  return (
    <article className={classes.card} data-open={open} aria-label={line}>
      <div className={classes.head}>
        <Face id={ask.person} name={who} />
        <div>
          <strong>{line}</strong>
          <p>
            {ask.why ? `${t(`ask.why_${ask.why}`)} · ` : ""}
            {t("ask.asked", { time: clock(new Date(ask.at), words.reader) })}
          </p>
        </div>
      </div>
      {first && <p role="alert">{first}</p>}
      {open ? (
        <div className={classes.answers}>
          {amounts.map((minutes) => (
            <Button
              key={minutes}
              {...off}
              variant={minutes === ask.minutes ? "filled" : "default"}
              onClick={() => void reply({ minutes })}
            >
              {t("ask.grant", { minutes })}
              <span className="unseen">, {t("ask.grantName", { who, minutes })}</span>
            </Button>
          ))}
          <Button {...off} variant="default" onClick={() => void reply({ refuse: true })}>
            {t("ask.no")}
            <span className="unseen">, {t("ask.noName", { who })}</span>
          </Button>
        </div>
      ) : (
        <p>{outcome()}</p>
      )}
    </article>
  );

  function outcome(): string {
    const name = ask.by;
    if (ask.state === "granted") {
      return t("ask.granted", { name, who, time: ask.until ? clock(new Date(ask.until), words.reader) : "" });
    }
    return ask.state === "refused" ? t("ask.refused", { name, who }) : t("ask.expired", { who });
  }
}
