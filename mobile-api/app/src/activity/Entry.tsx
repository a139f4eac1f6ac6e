import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { HistoryEntry } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { undoOf } from "../change/wish";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./Activity.module.css";
import { ChangeIcon } from "./ChangeIcon";
import { didWords } from "./did";
import { forceWords } from "./force";
import { Parts } from "./Parts";

const sources = ["browser", "app", "support", "visit", "cloud"] as const;

/** One decision: the sentence, when and from where, how far it has come, and undo. */
export function Entry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const { id, state, words, locked } = useHome();
  const { ask, busy } = useChanges();
  const said = didWords(entry, words);
  const source = sources.find((known) => known === entry.actor.from);
  const time = clock(new Date(entry.at), words.reader);
  const force = forceWords(entry, state, words);
  const undoable = entry.change.code !== "create" && entry.change.code !== "renumber";

  return (
    <li className={classes.entry}>
      <span className={classes.glyph}>
        <ChangeIcon code={entry.change.code} />
      </span>
      <div className={classes.words}>
        <span>{said}</span>
        <small>
          {t("activity.details", { time, from: source ? t(`activity.from_${source}`) : "" })}
          {force && ` · ${force}`}
        </small>
        {undoable && <Parts entry={entry} what={said} />}
      </div>
      {undoable && (
        <Button
          variant="subtle"
          h={44}
          px="xs"
          leftSection={<IconArrowBackUp size={18} aria-hidden />}
          disabled={locked !== null || busy}
          aria-label={`${t("app.undo")}: ${said}, ${time}`}
          onClick={() => void ask(undoOf(id, entry.revision, t("change.what_undo", { what: said })))}
        >
          {t("app.undo")}
        </Button>
      )}
    </li>
  );
}
