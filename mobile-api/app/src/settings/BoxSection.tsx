import { useTranslation } from "react-i18next";
import { limitWords } from "../change/problem";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import classes from "./Settings.module.css";

/** What is known of the box, to be read aloud to a person. */
export function BoxSection() {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const { box } = state;
  if (!box) return null;
  const seen = box.lastSeen ? moment(new Date(box.lastSeen), words.now, words.reader) : t("settings.boxNever");
  return (
    <Section title={t("settings.box")}>
      <dl className={classes.facts}>
        <dt>{t("settings.boxName")}</dt>
        <dd>{box.id}</dd>
        <dt>{t("settings.boxSeen")}</dt>
        <dd>{seen}</dd>
        <dt>{t("settings.boxLimits")}</dt>
        <dd>{box.limitations.length > 0 ? box.limitations.map(({ code }) => limitWords(code, t)).join(" ") : t("settings.boxNoLimits")}</dd>
      </dl>
    </Section>
  );
}
