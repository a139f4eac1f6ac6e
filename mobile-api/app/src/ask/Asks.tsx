import { useTranslation } from "react-i18next";
import type { Ask } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { AskCard } from "./AskCard";
import { ChildAsk } from "./ChildAsk";
import classes from "./Ask.module.css";

/** What was answered stays for a while, so that the other parent sees by whom. */
const recent = 10 * 60_000;

/** Children who want more time, answerable in place; for a child, their own asking. */
export function Asks({ asks }: { asks: Ask[] }) {
  const { t } = useTranslation();
  const { decides, words } = useHome();
  if (!decides) return <ChildAsk asks={asks} />;
  const shown = asks.filter(
    ({ state, answered }) => state === "sent" || state === "seen" || (answered !== null && words.now.getTime() - Date.parse(answered) < recent),
  );
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="asks">
      <h2 id="asks" className={classes.heading}>
        {t("ask.title")}
      </h2>
      <div className={classes.cards}>
        {shown.map((ask) => (
          <AskCard key={ask.id} ask={ask} />
        ))}
      </div>
    </section>
  );
}
