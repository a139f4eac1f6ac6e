import { Button, CloseButton } from "@mantine/core";
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconClock } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { refusedWords } from "../home/refused";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { useNow } from "../shell/useNow";
import { clock } from "../time/words";
import classes from "./ChangeBar.module.css";
import type { Outcome } from "./ChangeContext";
import { labelOf, whyNot } from "./failure";
import { progressOf } from "./progress";

/** What is in force long enough is told by the screens themselves; undo stays in Activity. */
const shownFor = 20_000;

type Props = { outcome: Outcome; undo: (revision: number, what: string) => void; hide: () => void };

/** The newest change: asked, in force or why not, and the way back. */
export function ChangeBar({ outcome, undo, hide }: Props) {
  const { t } = useTranslation();
  const { locked } = useHome();
  const { text, tone } = useProgress(outcome);
  const done = tone === "online";
  const label = labelOf(outcome, t);
  useEffect(() => announce(`${label}. ${text}`), [label, text]);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(hide, shownFor);
    return () => clearTimeout(timer);
  }, [done, hide, outcome]);

  const Icon = tone === "online" ? IconCheck : tone === "problem" ? IconAlertTriangle : IconClock;
  return (
    <section className={classes.bar} data-tone={tone} aria-label={label}>
      {tone === "applying" && <div className={classes.thread} />}
      <Icon className={classes.icon} size={22} aria-hidden />
      <div className={classes.words}>
        <strong>{label}</strong>
        <span>{text}</span>
      </div>
      {outcome.kind === "asked" && (
        <Button
          variant="default"
          h={44}
          px="sm"
          leftSection={<IconArrowBackUp size={18} aria-hidden />}
          disabled={locked !== null}
          onClick={() => undo(outcome.revision, outcome.wish.label)}
        >
          {t("app.undo")}
        </Button>
      )}
      <CloseButton size={44} aria-label={t("change.dismiss")} onClick={hide} />
    </section>
  );
}

type Tone = "online" | "applying" | "paused" | "problem";

function useProgress(outcome: Outcome): { text: string; tone: Tone } {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const now = useNow(1_000);
  if (outcome.kind === "asking") return { text: t("change.asking"), tone: "applying" };
  if (outcome.kind === "failed") return { text: whyNot(outcome.error, t), tone: "problem" };
  switch (progressOf(outcome.revision, outcome.at, state, now)) {
    case "in-force": {
      const time = clock(new Date(state.inForce?.at ?? outcome.at), words.reader);
      return { text: t("change.inForce", { time }), tone: "online" };
    }
    case "applying":
      return { text: t("change.asked", { time: clock(outcome.at, words.reader) }), tone: "applying" };
    case "slow":
      return { text: t("change.slow"), tone: "applying" };
    case "waiting":
      return { text: t("change.waiting"), tone: "paused" };
    case "no-box":
      return { text: t("change.noBox"), tone: "paused" };
    case "refused":
      return { text: t("change.refused", { reason: refusedWords(state, t) }), tone: "problem" };
  }
}
