import { IconActivityHeartbeat } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import type { Language } from "../time/words";
import { look } from "./fact";
import classes from "./Guide.module.css";
import { foundWords } from "./say";
import { type Guide, nodeOf } from "./tree";
import { evidence, type Walk } from "./walk";

type Props = { guide: Guide; walk: Walk; names: Record<string, string> };

/** What the box says beside a question, a plain sentence each; its figures follow the box as long as they say the same. */
export function Evidence({ guide, walk, names }: Props) {
  const { t, i18n } = useTranslation();
  const { state, words, line } = useHome();
  const said = evidence(walk).map((step) => {
    const fact = nodeOf(guide, step.node)?.fact;
    const now = fact && look(fact, { state, words, line }, walk.subject);
    const fresh = now && now.answer === step.answer ? { ...step, ...now } : step;
    return { id: step.node, text: foundWords(guide, fresh, i18n.language as Language, names) };
  });
  const worth = said.filter(({ text }) => text !== "");
  if (worth.length === 0) return null;
  return (
    <section className={classes.evidence} aria-label={t("guide.found")}>
      <IconActivityHeartbeat size={22} aria-hidden />
      <ul>
        {worth.map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
      </ul>
    </section>
  );
}
