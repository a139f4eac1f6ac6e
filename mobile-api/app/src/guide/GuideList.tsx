import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import ways from "../parts/Ways.module.css";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import type { Language } from "../time/words";
import { seenNow } from "./evidence";
import { say } from "./say";
import { guides } from "./tree";

/** What the box sees by itself first, then the guides in the customer's own words. */
export function GuideList() {
  const { t, i18n } = useTranslation();
  const { state, words, line, decides } = useHome();
  const language = i18n.language as Language;
  if (!decides) return null;
  const seen = seenNow({ state, words, line }, language);
  return (
    <>
      {seen.length > 0 && (
        <Section title={t("guide.seen")}>
          <ul className={ways.list}>
            {seen.map(({ guide, text }) => (
              <li key={guide + text}>
                <Way guide={guide} text={text} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t("guide.title")} hint={t("guide.lead")}>
        <ul className={ways.list}>
          {guides.map(({ id, title }) => (
            <li key={id}>
              <Way guide={id} text={say(title, language, {})} title />
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function Way({ guide, text, title = false }: { guide: string; text: string; title?: boolean }) {
  return (
    <Link to="/help/guide/$guide" params={{ guide }} className={ways.way}>
      <span {...(title ? { "data-mirror": "show" } : {})}>{text}</span>
      <IconChevronRight size={22} aria-hidden />
    </Link>
  );
}
