import { Chip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Override, Target } from "../api/client";
import { whatIf } from "../api/query";
import { useChanges } from "../change/ChangeContext";
import { type Length, pauseOf } from "../change/wish";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { lengthOf } from "./moment";
import classes from "./MomentButtons.module.css";
import { nightOf } from "./night";

type Props = { pause: Override; target: Target; name: string; device: string | null };

/** Act first, adjust after: the usual ends of a pause that already holds. */
export function PauseLength({ pause, target, name, device }: Props) {
  const { t } = useTranslation();
  const { id, words, locked } = useHome();
  const { ask, busy } = useChanges();
  const label = useId();
  const night = useNight(device);
  const now = lengthOf(pause);
  const set = (length: Length) => void ask(pauseOf(id, target, length, t("change.what_pause", { name })));
  const time = (at: Date) => moment(at, words.now, words.reader);
  const ends = (at: Date) => pause.until !== undefined && Math.abs(Date.parse(pause.until) - at.getTime()) < 1_000;

  const choices: { text: string; on: boolean; length: Length }[] = [
    { text: t("act.for30"), on: now === 30, length: { minutes: 30 } },
    { text: t("act.for60"), on: now === 60, length: { minutes: 60 } },
  ];
  if (night?.bedtime) {
    const { bedtime } = night;
    choices.push({ text: t("act.bedtime", { time: time(bedtime) }), on: ends(bedtime), length: { until: bedtime.toISOString() } });
  }
  if (night) {
    const { morning } = night;
    choices.push({ text: t("act.morning", { time: time(morning) }), on: ends(morning), length: { until: morning.toISOString() } });
  }
  choices.push({ text: t("act.noEnd"), on: now === "none", length: {} });
  return (
    <div className={classes.chips} role="group" aria-labelledby={label}>
      <span id={label} className={classes.label}>
        {t("act.until")}
      </span>
      {choices.map(({ text, on, length }) => (
        <Chip key={text} size="md" checked={on} disabled={locked !== null || busy} onChange={() => set(length)}>
          {text}
        </Chip>
      ))}
    </div>
  );
}

/** The next night of a device, without the pauses of the moment. */
function useNight(device: string | null): { bedtime: Date | null; morning: Date } | null {
  const { id, state, words } = useHome();
  const { data } = useQuery({
    queryKey: ["night", id, state.asked.revision, device],
    enabled: device !== null,
    staleTime: 15 * 60_000,
    queryFn: async () => {
      const now = new Date();
      const to = new Date(now.getTime() + 36 * 3_600_000);
      const rows = await whatIf(id, { ...state.policy, overrides: [] }, { from: now.toISOString(), to: to.toISOString() });
      const night = nightOf(rows.filter((row) => row.device === device), now, words.reader.zone);
      return { bedtime: night.bedtime?.toISOString() ?? null, morning: night.morning.toISOString() };
    },
  });
  return data ? { bedtime: data.bedtime ? new Date(data.bedtime) : null, morning: new Date(data.morning) } : null;
}
