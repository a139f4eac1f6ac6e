import { Button, Stack, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { HistoryEntry } from "../api/client";
import { Refusal } from "../api/refusal";
import { useChanges } from "../change/ChangeContext";
import { partWords } from "../change/problem";
import { undoOf } from "../change/wish";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./Activity.module.css";
import { ChangeIcon } from "./ChangeIcon";
import { didWords } from "./did";
import { forceWords } from "./force";
import { laterOn } from "./later";

const sources = ["browser", "app", "support", "visit", "cloud"] as const;

/** One decision: the sentence, when and from where, how far it has come, and undo. */
export function Entry({ entry, all }: { entry: HistoryEntry; all: readonly HistoryEntry[] }) {
  const { t } = useTranslation();
  const { id, state, words, locked } = useHome();
  const { ask, propose, busy } = useChanges();
  const [conflicts, setConflicts] = useState<string[] | null>(null);
  const said = didWords(entry, words);
  const source = sources.find((known) => known === entry.actor.from);
  const time = clock(new Date(entry.at), words.reader);
  const force = forceWords(entry, state, words);
  const later = conflicts && laterOn(entry.revision, conflicts, all);
  const undoable = entry.change.code !== "create" && entry.change.code !== "renumber";

  const undo = async () => {
    const wish = undoOf(id, entry.revision, t("change.what_undo", { what: said }));
    try {
      await propose(wish);
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) setConflicts(error.problem.conflicts ?? []);
      else await ask(wish); // said, and decided, where every other change is
    }
  };
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
      </div>
      {undoable && (
        <Button
          variant="subtle"
          h={44}
          px="xs"
          leftSection={<IconArrowBackUp size={18} aria-hidden />}
          disabled={locked !== null || busy}
          aria-label={`${t("app.undo")}: ${said}, ${time}`}
          onClick={() => void undo()}
        >
          {t("app.undo")}
        </Button>
      )}
      <Dialog opened={conflicts !== null} close={() => setConflicts(null)} title={t("activity.undoBlocked")}>
        <Stack>
          <Text>{t("activity.undoBlockedText")}</Text>
          {later && (
            <Text fw={650}>
              {didWords(later, words)} · {clock(new Date(later.at), words.reader)}
            </Text>
          )}
          {conflicts && conflicts.length > 0 && (
            <Text c="var(--ink-2)">
              {t("activity.undoWhat")} {[...new Set(conflicts.map((path) => partWords(path, state.policy, t)))].join(", ")}
            </Text>
          )}
          <Button size="lg" onClick={() => setConflicts(null)}>
            {t("app.close")}
          </Button>
        </Stack>
      </Dialog>
    </li>
  );
}
