import { useTranslation } from "react-i18next";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { keptNow, megabits, roomOf } from "./rate";
import classes from "./Tv.module.css";

/** How fast the line is, and how much of it is kept and may be. */
export function LineCard() {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const { reader, now } = words;
  const { line } = state;
  if (!line || line.down === 0) {
    return (
      <Section title={t("tv.line")}>
        <p className={classes.quiet}>{t("tv.lineUnknown")}</p>
      </Section>
    );
  }
  const room = roomOf(line).down;
  const kept = Math.min(keptNow(state.reservations), room);
  const down = megabits(line.down, reader);
  const rate = line.up > 0 ? t("tv.lineRate", { down, up: megabits(line.up, reader) }) : t("tv.lineDownOnly", { down });
  const measured = line.source === "measured" && line.at ? t("tv.lineMeasured", { time: moment(new Date(line.at), now, reader) }) : "";
  const source = line.source === "configured" ? t("tv.lineConfigured") : measured;
  const said = t("tv.lineKept", { kept: megabits(kept, reader), room: megabits(room, reader) });
  return (
    <Section title={t("tv.line")} hint={source ? `${rate} · ${source}` : rate}>
      <div className={classes.line} aria-hidden>
        <i style={{ width: `${(80 * kept) / room}%` }} />
        <b style={{ left: "80%" }} />
      </div>
      <p className={classes.quiet} data-mirror="show">{said}</p>
    </Section>
  );
}
