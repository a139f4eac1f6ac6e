import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { HomeState } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { useNow } from "../shell/useNow";
import { moment } from "../time/words";
import { LineCard } from "../tv/LineCard";
import classes from "./Live.module.css";
import { agoWords } from "./words";

/** What the box says by itself, with its age: the line and what of it is kept; the figures of its radios go to the pictures. */
export function Reported({ keep }: { keep: (state: HomeState) => void }) {
  const { state } = useHome();
  useEffect(() => keep(state), [keep, state]);
  return (
    <>
      <Age state={state} />
      {state.box?.reportedAt && <LineCard />}
    </>
  );
}

function Age({ state: { box } }: { state: HomeState }) {
  const { t } = useTranslation("support");
  const { words } = useHome();
  const now = useNow(1_000);
  if (!box) return <p className={classes.quiet}>{t("noBox")}</p>;
  if (!box.reachable) {
    const time = box.lastSeen ? moment(new Date(box.lastSeen), now, words.reader) : t("never");
    return <p className={classes.away}>{t("live.notThere", { time })}</p>;
  }
  if (!box.reportedAt) return <p className={classes.quiet}>{t("live.unreported")}</p>;
  return <p className={classes.quiet}>{t("live.reported", { ago: agoWords(box.reportedAt, now, t) })}</p>;
}
