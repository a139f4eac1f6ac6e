import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Session } from "../api/client";
import { sessionsQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Section } from "../person/Section";
import lines from "../person/Section.module.css";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { clientName } from "./clientName";

const few = 4;

/** Every place where this member is signed in; a lost phone is one tap away from being out. */
export function Sessions() {
  const { t } = useTranslation();
  const { words, line } = useHome();
  const client = useQueryClient();
  const { data } = useQuery(sessionsQuery);
  const [error, setError] = useState<Error | null>(null);
  const [all, setAll] = useState(false);
  const sessions = data ?? [];

  const end = async (session: Session) => {
    setError(null);
    try {
      await answer(api.DELETE("/sessions/{session}", { params: { path: { session: session.id } } }));
      announce(t("settings.ended"));
    } catch (caught) {
      setError(caught as Error);
    }
    await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  return (
    <Section title={t("settings.sessions")}>
      {error && <p role="alert">{whyNot(error, t)}</p>}
      <ul className={lines.lines}>
        {(all ? sessions : sessions.slice(0, few)).map((session) => {
          const name = clientName(session.client) || t("settings.unknownClient");
          return (
            <li key={session.id}>
              <div>
                <strong>{name}</strong>
                <small>
                  {session.current
                    ? t("settings.current")
                    : t("settings.lastUsed", { time: moment(new Date(session.used), words.now, words.reader) })}
                </small>
              </div>
              {!session.current && (
                <Button
                  variant="default"
                  h={44}
                  disabled={line === "offline" || line === "away"}
                  aria-label={t("settings.endName", { client: name })}
                  onClick={() => void end(session)}
                >
                  {t("settings.end")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {sessions.length > few && (
        <Button variant="subtle" h={44} fullWidth aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("home.fewer") : t("home.more", { count: sessions.length - few })}
        </Button>
      )}
    </Section>
  );
}
