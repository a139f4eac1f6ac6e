import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { QueueRow, SupportSession } from "../api/client";
import { leftOf } from "../consent/visit";
import { useTyping } from "../help/typing";
import { useNow } from "../shell/useNow";
import classes from "./Console.module.css";
import { ownSessionsQuery } from "./query";
import { isUnread } from "./queue";
import { leftWords, sessionOf } from "./session";

type Props = { rows: readonly QueueRow[]; open: string };

/** The cases that one has, always in sight: whose, how long the session has still, what is new, who writes. */
export function CaseTabs({ rows, open }: Props) {
  const { t } = useTranslation("support");
  const { data = [], dataUpdatedAt } = useQuery(ownSessionsQuery);
  return (
    <nav className={classes.tabs} aria-label={t("tabs")}>
      {rows.map((row, i) => {
        const session = sessionOf(data, row.id);
        return (
          <Link key={row.id} to="/support" search={{ case: row.id }} className={classes.tab} aria-current={row.id === open ? "page" : undefined}>
            {i < 9 && <kbd aria-hidden>{i + 1}</kbd>}
            {row.name}
            {session?.state === "active" && <Left session={session} heard={new Date(dataUpdatedAt)} />}
            {isUnread(row) && row.id !== open && <small className={classes.fresh}>{t("fresh")}</small>}
            <Writes id={row.id} />
          </Link>
        );
      })}
    </nav>
  );
}

/** To the second for the eye; in whole minutes for a link's name, which is not to change all the time. */
function Left({ session, heard }: { session: SupportSession; heard: Date }) {
  const { t } = useTranslation("support");
  const now = useNow(1_000);
  const left = leftOf(session, heard, now);
  return (
    <small className={classes.live}>
      <span aria-hidden>{leftWords(left)}</span>
      <span className="unseen">{t("leftMinutes", { n: Math.ceil(left / 60) })}</span>
    </small>
  );
}

function Writes({ id }: { id: string }) {
  const { t } = useTranslation("support");
  return useTyping(id) && <small>{t("typing")}</small>;
}
