import { useTranslation } from "react-i18next";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import classes from "./Tv.module.css";

const few = 8;

/** Radar that the radios have heard, the newest first. */
export function Moves() {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const { now, reader } = words;
  const heard = state.radios.flatMap(({ radar }) => radar).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <Section title={t("tv.moves")}>
      {heard.length === 0 && <p className={classes.quiet}>{t("tv.noMoves")}</p>}
      <ul className={classes.moves}>
        {heard.slice(0, few).map(({ channel, at, until }) => {
          const values = { channel, at: moment(new Date(at), now, reader), until: moment(new Date(until), now, reader) };
          return <li key={`${channel} ${at}`}>{t(Date.parse(until) > now.getTime() ? "tv.heard" : "tv.heardOver", values)}</li>;
        })}
      </ul>
    </Section>
  );
}
