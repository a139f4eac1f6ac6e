import { useTranslation } from "react-i18next";
import type { Row } from "../api/client";
import { scheduleName } from "../home/sentence";
import { useHome } from "../shell/HomeContext";
import { clock, dateOf, dateWords } from "../time/words";
import { VerdictIcon } from "../parts/StateLine";
import classes from "./Outlook.module.css";
import { losersOf, reasonName } from "./winner";

/** One instant of the timeline in words: the state, the rule that won, and over which. */
export function Verdict({ row, at, name }: { row: Row; at: Date; name: string }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const { reader } = words;
  const rule = reasonName(row.reason, words);
  const [loser] = losersOf(row, at, words);
  const because = row.reason.kind === "schedule" ? t("outlook.closest", { name }) : row.reason.kind === "exception" ? t("outlook.special") : t("outlook.first");
  return (
    <div className={classes.verdict} data-online={row.online} aria-live="polite">
      <VerdictIcon verdict={row} size={24} />
      <div>
        <strong>
          {t("outlook.at", { date: dateWords(dateOf(at, reader.zone), reader), time: clock(at, reader) })}
          {reader.language === "fr" ? "\u00a0: " : ": "}
          {t(row.online ? "outlook.online" : "outlook.offline")}
        </strong>
        <p>{row.reason.kind === "allowed" ? t("outlook.whyAllowed") : t("outlook.why", { rule })}</p>
        {loser && row.reason.kind !== "allowed" && (
          <p>{t("outlook.winsOver", { rule, other: scheduleName(loser, words), because })}</p>
        )}
      </div>
    </div>
  );
}
