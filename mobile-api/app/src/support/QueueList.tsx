import { Chip, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { QueueRow } from "../api/client";
import { moment } from "../time/words";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";
import { isUnread, readersOf, type Taking } from "./queue";
import { lastWords, skillWords, stateWords, waitedWords } from "./words";

type Props = { rows: readonly QueueRow[]; open: string; taking: Taking; setTaking: (taking: Taking) => void };

const languages = ["fr", "en"] as const;
const skills = ["internet", "wifi", "tv", "hours", "device", "account", "other"];

/** Who waits, by the one clock; what somebody takes is chosen above. */
export function QueueList({ rows, open, taking, setTaking }: Props) {
  const { t } = useTranslation("support");
  return (
    <nav className={classes.queue} aria-label={t("queue")}>
      <h2>
        {t("queue")} <small>{rows.length}</small>
      </h2>
      <details className={classes.takes}>
        <summary>{t("whatITake")}</summary>
        <p>{t("whatITakeHint")}</p>
        <Chip.Group multiple value={taking.languages} onChange={(chosen) => setTaking({ ...taking, languages: chosen })}>
          <Group gap={6} role="group" aria-label={t("languages")}>
            {languages.map((one) => (
              <Chip key={one} value={one} size="xs">
                {t(`lang_${one}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Chip.Group multiple value={taking.skills} onChange={(chosen) => setTaking({ ...taking, skills: chosen })}>
          <Group gap={6} mt={6} role="group" aria-label={t("skills")}>
            {skills.map((one) => (
              <Chip key={one} value={one} size="xs">
                {skillWords(one, t)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </details>
      {rows.length === 0 && <p className={classes.quiet}>{t(taking.languages.length + taking.skills.length > 0 ? "emptyOfMine" : "empty")}</p>}
      <ol>
        {rows.map((row) => (
          <li key={row.id}>
            <Line row={row} open={row.id === open} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Line({ row, open }: { row: QueueRow; open: boolean }) {
  const { me, words, desks } = useConsole();
  const { t, reader, now } = words;
  const { reads } = readersOf(desks, row.id, me.id);
  const offered = row.offer?.to.id === me.id;
  const marks = [
    row.due ? t("due") : "",
    offered ? t("offered", { name: row.offer?.from.name ?? "" }) : "",
    row.callback ? t("call", { time: moment(new Date(row.callback.at), now, reader) }) : "",
    reads.length > 0 ? t("reads", { names: reads.join(", "), count: reads.length }) : "",
  ].filter(Boolean);
  return (
    <Link to="/support" search={{ case: row.id }} className={classes.row} aria-current={open ? "true" : undefined} data-unread={isUnread(row)}>
      <span className={classes.who}>
        <span>{row.name}</span>
        <time dateTime={row.at}>{waitedWords(row.at, words)}</time>
      </span>
      <small>
        {skillWords(row.skill, t)} · {row.language} · {stateWords(row, words)}
        {isUnread(row) && <span className="unseen"> · {t("fresh")}</span>}
      </small>
      <small className={classes.last}>{row.text || t("lastDid", { what: lastWords(row, t) })}</small>
      {marks.length > 0 && <small className={classes.marks}>{marks.join(" · ")}</small>}
    </Link>
  );
}
