import { IconAlertTriangle, IconClock, IconLock, IconMoon, IconPlayerPause, IconPlus, IconWifi } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Verdict } from "../api/client";
import { say } from "../home/sentence";
import { provedSince, type Standing } from "../home/standing";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./StateLine.module.css";

/** How long "in force since" stays after it came true; the time stays in Activity. */
const fresh = 4_000;

/** What holds, and beside it what is asked until it holds. */
export function StateLine({ standing }: { standing: Standing }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const said = say(standing.shown, words);
  return (
    <div>
      <p className={classes.state} data-tone={said.tone}>
        <VerdictIcon verdict={standing.shown} />
        <span data-mirror={said.open ? "show" : undefined}>{said.text}</span>
      </p>
      {standing.unproved && <p className={classes.proof}>{t("state.unproved")}</p>}
      {standing.wish && <Wish verdict={standing.wish} />}
      <Proof standing={standing} />
    </div>
  );
}

function Wish({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const wish = say(verdict, words);
  const time = clock(new Date(state.asked.at), words.reader);
  const refused = state.delivery === "refused";
  const text =
    state.delivery === "applying"
      ? t("state.asked", { time, state: wish.text })
      : t(refused ? "state.askedNotTaken" : "state.waiting", { state: wish.text });
  const Icon = refused ? IconAlertTriangle : IconClock;
  return (
    <p className={classes.wish} data-tone={refused ? "problem" : "applying"}>
      <Icon size={16} aria-hidden />
      <span data-mirror={wish.open ? "show" : undefined}>{text}</span>
    </p>
  );
}

/** For a moment after the box has proved what was waited for: since when. */
function Proof({ standing }: { standing: Standing }) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const [awaited, setAwaited] = useState<number | null>(null);
  const { revision } = state.asked;
  if (standing.wish && awaited !== revision) setAwaited(revision);
  const since = provedSince(standing, state, awaited);
  useEffect(() => {
    if (since === null) return;
    // Told once: the proof of somebody else's next change is none of this one.
    const told = () => setAwaited((now) => (now === awaited ? null : now));
    const timer = setTimeout(told, fresh);
    return () => {
      clearTimeout(timer);
      told();
    };
  }, [since, awaited]);
  if (since === null) return null;
  return <p className={classes.proof} data-mirror="show">✓ {t("state.inForce", { time: clock(new Date(since), words.reader) })}</p>;
}

export function VerdictIcon({ verdict: { online, reason }, size = 20 }: { verdict: Verdict; size?: number }) {
  if (reason.kind === "bonus") return <IconPlus size={size} aria-hidden />;
  if (online) return <IconWifi size={size} aria-hidden />;
  if (reason.kind === "pause") return <IconPlayerPause size={size} aria-hidden />;
  return reason.kind === "refused" ? <IconLock size={size} aria-hidden /> : <IconMoon size={size} aria-hidden />;
}
