import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Target } from "../api/client";
import { timelineQuery } from "../api/query";
import { devicesOf } from "../hours/target";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { addDays, clockText, dateOf, instant, minuteOf, minutes } from "../time/words";
import { DayStrip } from "./DayStrip";
import classes from "./Outlook.module.css";
import { Verdict } from "./Verdict";
import { rowAt } from "./winner";

/** For any day and time: online or not, and which rule decides. By the real engine. */
export function OutlookSection({ target, name }: { target: Target; name: string }) {
  const { t } = useTranslation();
  const { id, state, words } = useHome();
  const { zone } = words.reader;
  const ids = useId();
  const [date, setDate] = useState(() => dateOf(words.now, zone));
  const [minute, setMinute] = useState(() => Math.floor(minuteOf(words.now, zone) / 15) * 15);
  const devices = devicesOf(state.policy, target);
  const [device, setDevice] = useState(devices[0] ?? "");
  const span = { from: instant(date, 0, zone).toISOString(), to: instant(addDays(date, 1), 0, zone).toISOString() };
  const { data } = useQuery({ ...timelineQuery(id, state.asked.revision, span), placeholderData: (before) => before });
  const shown = devices.includes(device) ? device : (devices[0] ?? "");
  const at = instant(date, minute, zone);
  const rows = (data ?? []).filter((row) => row.device === shown);
  const row = rowAt(rows, shown, at);
  return (
    <Section title={t("person.whatIf")} hint={t("person.whatIfText")}>
      <div className={classes.fields}>
        {devices.length > 1 && (
          <div className={classes.wide}>
            <label htmlFor={`${ids}d`}>{t("person.devices")}</label>
            <select id={`${ids}d`} value={shown} onChange={(event) => setDevice(event.currentTarget.value)}>
              {devices.map((one) => (
                <option key={one} value={one}>
                  {state.policy.devices?.find((d) => d.id === one)?.name}
                </option>
              ))}
            </select>
          </div>
        )}
        <div>
          <label htmlFor={`${ids}a`}>{t("outlook.date")}</label>
          <input
            id={`${ids}a`}
            type="date"
            value={date}
            onChange={(event) => event.currentTarget.value && setDate(event.currentTarget.value)}
          />
        </div>
        <div>
          <label htmlFor={`${ids}t`}>{t("outlook.time")}</label>
          <input
            id={`${ids}t`}
            type="time"
            value={clockText(minute)}
            onChange={(event) => event.currentTarget.value && setMinute(minutes(event.currentTarget.value))}
          />
        </div>
      </div>
      {row && <Verdict row={row} at={at} name={name} />}
      {rows.length > 0 && <DayStrip rows={rows} span={span} at={at} />}
    </Section>
  );
}
