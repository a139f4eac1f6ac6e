import { Button, Chip, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Ask } from "../api/client";
import { asksQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { whyNot } from "../change/failure";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./Ask.module.css";

const amounts = [15, 30, 60] as const;
const reasons = ["", "homework", "game", "call"] as const;

/** An answer is told until this long after it was given, or after its time has ended. */
const told = 15 * 60_000;

/** A child asks for more time, and sees each step of the answer. */
export function ChildAsk({ asks }: { asks: Ask[] }) {
  const { t } = useTranslation();
  const { id, line, words } = useHome();
  const client = useQueryClient();
  const [minutes, setMinutes] = useState<(typeof amounts)[number]>(30);
  const [why, setWhy] = useState<(typeof reasons)[number]>("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [newest] = asks;
  const since = Date.parse(newest?.until ?? newest?.answered ?? newest?.at ?? "");
  const latest = words.now.getTime() - since < told ? newest : undefined;
  const waiting = newest?.state === "sent" || newest?.state === "seen";

  const send = async () => {
    setBusy(true);
    setError("");
    try {
      await answer(api.POST("/homes/{home}/asks", { params: { path: { home: id } }, body: { minutes, why } }));
    } catch (caught) {
      setError(said(caught as Error));
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: asksQuery(id).queryKey });
  };
  return (
    <section className={classes.card} aria-label={t("ask.more")}>
      <strong>{t("ask.more")}</strong>
      {(waiting || latest) && newest && <p role="status">{step(newest)}</p>}
      {!waiting && (
        <>
          <Text size="sm">{t("ask.how")}</Text>
          <Group gap={8} role="group" aria-label={t("ask.how")}>
            {amounts.map((amount) => (
              <Chip key={amount} size="md" checked={minutes === amount} onChange={() => setMinutes(amount)}>
                {t("ask.grant", { minutes: amount })}
              </Chip>
            ))}
          </Group>
          <Text size="sm">{t("ask.why")}</Text>
          <Group gap={8} role="group" aria-label={t("ask.why")}>
            {reasons.map((reason) => (
              <Chip key={reason} size="md" checked={why === reason} onChange={() => setWhy(reason)}>
                {reason ? t(`ask.why_${reason}`) : t("ask.nothing")}
              </Chip>
            ))}
          </Group>
          {error && <p role="alert">{error}</p>}
          <Button h={48} loading={busy} disabled={line === "offline" || line === "away"} onClick={() => void send()}>
            {t("ask.send", { minutes })}
          </Button>
        </>
      )}
    </section>
  );

  function step(ask: Ask): string {
    const time = (text: string | null) => (text ? clock(new Date(text), words.reader) : "");
    switch (ask.state) {
      case "sent":
        return t("ask.mine_sent", { time: time(ask.at) });
      case "seen":
        return t("ask.mine_seen", { name: ask.by });
      case "granted":
        return t("ask.mine_granted", { time: time(ask.until) });
      case "refused":
        return t("ask.mine_refused");
      case "expired":
        return t("ask.mine_expired");
    }
  }

  function said(caught: Error): string {
    const code = caught instanceof Refusal ? (caught.problem.problems?.[0]?.code ?? caught.code) : "";
    if (code === "ask-open") return t("ask.open");
    if (code === "ask-again") return t("ask.again");
    return code === "ask-full" ? t("ask.full") : whyNot(caught, t);
  }
}
