import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Invitation } from "../api/client";
import { invitationsQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Section } from "../person/Section";
import classes from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";

/** Invitations that nobody has used yet. */
export function Waiting({ invitations }: { invitations: Invitation[] }) {
  const { t } = useTranslation();
  const { id, words, locked } = useHome();
  const client = useQueryClient();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(""); // the one that is being taken back
  const takeBack = async (invitation: string) => {
    setError("");
    setBusy(invitation);
    await answer(api.DELETE("/homes/{home}/invitations/{invitation}", { params: { path: { home: id, invitation } } })).catch((caught) =>
      setError(whyNot(caught as Error, t)),
    );
    await client.invalidateQueries({ queryKey: invitationsQuery(id).queryKey });
    setBusy("");
  };
  return (
    <Section title={t("members.waiting")}>
      {error && <p role="alert">{error}</p>}
      <ul className={classes.lines}>
        {invitations.map(({ id: invitation, role, inviter, expires }) => (
          <li key={invitation}>
            <div>
              <strong>{t(`members.${role}`)}</strong>
              <small>
                {t("members.by", { name: inviter })} · {t("members.until", { time: moment(new Date(expires), words.now, words.reader) })}
              </small>
            </div>
            <Button variant="default" h={44} loading={busy === invitation} disabled={locked !== null || busy !== ""} onClick={() => void takeBack(invitation)}>
              {t("members.takeBack")}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
