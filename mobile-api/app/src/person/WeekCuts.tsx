import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { clock, dateOf, moment } from "../time/words";
import classes from "./LastWeek.module.css";
import { latestFirst, type WeekCut } from "./counted";
import section from "./Section.module.css";

const few = 4;

type Props = { cuts: WeekCut[]; devices: string[] };

/** When and why, the latest first; devices are named where not all of them were cut. */
export function WeekCuts({ cuts, devices }: Props) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const { now, reader } = words;
  const [all, setAll] = useState(false);
  const ordered = latestFirst(cuts);

  const line = (cut: WeekCut) => {
    const from = new Date(cut.from);
    const to = new Date(cut.to);
    const same = dateOf(from, reader.zone) === dateOf(to, reader.zone);
    const names = devices.every((id) => cut.devices.includes(id))
      ? []
      : cut.devices.map((id) => state.policy.devices?.find((device) => device.id === id)?.name ?? t("activity.someone"));
    const times = t("lastWeek.times", { from: moment(from, now, reader), to: same ? clock(to, reader) : moment(to, now, reader) });
    return [times, names.join(", "), cut.by && t("lastWeek.by", { name: cut.by })].filter(Boolean).join(" · ");
  };

  return (
    <div>
      <h3 className={classes.cuts}>{t("lastWeek.cuts")}</h3>
      {ordered.length === 0 && <p className={section.hint}>{t("lastWeek.noCuts")}</p>}
      <ul className={section.lines}>
        {(all ? ordered : ordered.slice(0, few)).map((cut, at) => (
          <li key={`${cut.from}${cut.reason.id}${at}`}>
            <div>
              <strong>{cut.name || t(`reason.${cut.reason.kind}`)}</strong>
              <small>{line(cut)}</small>
            </div>
          </li>
        ))}
      </ul>
      {ordered.length > few && (
        <Button variant="subtle" h={44} fullWidth aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("home.fewer") : t("home.more", { count: ordered.length - few })}
        </Button>
      )}
    </div>
  );
}
