import { Button } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconClock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AuditLine, SupportReceipt, SupportSession } from "../api/client";
import { membersQuery, receiptQuery } from "../api/query";
import { didWords } from "../activity/did";
import { useChanges } from "../change/ChangeContext";
import { undoOf, undoVisitOf } from "../change/wish";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import { lineWords } from "./line";
import { isOfMembers } from "./proposal";
import classes from "./Visit.module.css";

type Change = SupportReceipt["changes"][number];

/** What was changed for the customer in a visit, each with undo, and all of it at once; who belongs to the home is not undone here. */
export function Changes({ visit }: { visit: SupportSession }) {
  const { t } = useTranslation();
  const { id, locked } = useHome();
  const { ask, busy } = useChanges();
  const { data } = useQuery(receiptQuery(id, visit.id));
  const changes = data?.changes ?? [];
  const others = (data?.lines ?? []).filter(isOfMembers).reverse();
  if (changes.length + others.length === 0) return null;
  const open = changes.filter(({ undone }) => !undone).length;
  return (
    <section className={classes.changes} aria-label={t("consent.changes")}>
      <ul>
        {changes.map((change) => (
          <Changed key={change.revision} change={change} />
        ))}
        {others.map((line) => (
          <Placed key={line.seq} line={line} />
        ))}
      </ul>
      {open > 1 && (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={18} aria-hidden />}
          disabled={locked !== null || busy}
          onClick={() => void ask(undoVisitOf(id, visit.id, t("consent.undoneAll")))}
        >
          {t("consent.undoAll")}
        </Button>
      )}
    </section>
  );
}

/** A change of who belongs to the home. */
function Placed({ line }: { line: AuditLine }) {
  const { t } = useTranslation();
  const { id, words } = useHome();
  const { data: family = [] } = useQuery(membersQuery(id));
  return (
    <li>
      <IconCheck size={20} aria-hidden />
      <span>
        {lineWords(line, words, family)} <small>{t("consent.ofMembers", { time: clock(new Date(line.at), words.reader) })}</small>
      </span>
    </li>
  );
}

function Changed({ change }: { change: Change }) {
  const { t } = useTranslation();
  const { id, state, words, locked } = useHome();
  const { ask, busy } = useChanges();
  const said = didWords(change, words);
  const holds = change.applied ?? ((state.inForce?.revision ?? 0) >= change.revision ? state.inForce?.at : undefined);
  const time = clock(new Date(holds ?? change.at), words.reader);
  const far = change.undone ? t("consent.undone") : t(holds ? "consent.inForce" : "consent.asked", { time });
  const Icon = holds ? IconCheck : IconClock;
  return (
    <li>
      <Icon size={20} aria-hidden />
      <span>
        {said} <small>{far}</small>
      </span>
      {!change.undone && (
        <Button
          variant="subtle"
          h={44}
          px="xs"
          disabled={locked !== null || busy}
          aria-label={`${t("app.undo")}: ${said}`}
          onClick={() => void ask(undoOf(id, change.revision, t("change.what_undo", { what: said })))}
        >
          {t("app.undo")}
        </Button>
      )}
    </li>
  );
}
