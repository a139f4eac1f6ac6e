import { IconAlertTriangle, IconCheck, IconClock, IconCloudOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../shell/announcement";
import { type Home, useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import classes from "./BoxLine.module.css";
import { refusedWords } from "./refused";

type Tone = "online" | "applying" | "paused" | "problem" | "past";
type Line = { text: string; tone: Tone; open?: boolean };

const icons = { online: IconCheck, applying: IconClock, paused: IconCloudOff, problem: IconAlertTriangle, past: IconClock };

/** The box in one sentence; a card only when something is wrong. */
export function BoxLine() {
  const { t } = useTranslation();
  const home = useHome();
  // Without a network nothing is known of now: what was well then is not told with a tick.
  const past = home.line === "offline" || home.line === "away";
  const lines = [boxLine(home), clockLine(home)]
    .filter((line) => line !== null)
    .map((line) => ({ ...line, tone: past && line.tone !== "problem" ? "past" : line.tone }));
  const first = lines[0]?.text ?? "";
  useEffect(() => announce(first), [first]);
  return (
    <section aria-label={t("settings.box")} className={classes.lines}>
      {lines.map(({ text, tone, open }) => {
        const Icon = icons[tone];
        return (
          <div key={text} className={classes.line} data-tone={tone}>
            <Icon size={20} aria-hidden />
            <span data-mirror={open ? "show" : undefined}>{text}</span>
          </div>
        );
      })}
    </section>
  );
}

/** Between the cloud and the box. */
function boxLine({ state, words }: Home): Line {
  const { t, now, reader } = words;
  const { box, delivery } = state;
  if (!box) return { text: t("box.none"), tone: "paused" };
  if (delivery === "refused") return { text: t("box.refused", { reason: refusedWords(state, t) }), tone: "problem" };
  if (!box.reachable) {
    if (!box.lastSeen) return { text: t("box.never"), tone: "paused" };
    const time = moment(new Date(box.lastSeen), now, reader);
    return { text: t(delivery === "waiting-for-box" ? "box.waiting" : "box.unreachable", { time }), tone: "paused", open: true };
  }
  if (delivery === "applying") {
    const slow = now.getTime() - Date.parse(state.asked.at) > 5_000;
    return { text: t(slow ? "box.slow" : "box.applying"), tone: "applying" };
  }
  return { text: t("box.ok", { count: state.devices.filter(({ present }) => present).length }), tone: "online" };
}

function clockLine({ state, words: { t } }: Home): Line | null {
  const clock = state.box?.clock;
  if (!state.box?.reachable || !clock || clock.synchronised) return null;
  return { text: t(clock.rule === "allow" ? "box.clockAllow" : "box.clockKeepLast"), tone: "paused" };
}
