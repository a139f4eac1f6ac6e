import { Button, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { helpQuery } from "../api/query";
import { whyNot } from "../change/failure";
import lines from "../person/Section.module.css";
import { type Language, localeOf, moment } from "../time/words";

/** Asks for a person. Nothing need be written: the screen goes with it. */
export default function HelpSheet({ home, close }: { home: string; close: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery(helpQuery(home));
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const language = i18n.language as Language;
  // Before any home is known there is no zone of one: the phone's own clock is meant.
  const reader = { language, locale: localeOf(language), zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const time = (at: string) => moment(new Date(at), new Date(), reader);

  const send = async () => {
    setBusy(true);
    try {
      const body = { screen: window.location.pathname.slice(0, 200), ...(text.trim() ? { text: text.trim() } : {}) };
      const made = await answer(api.POST("/homes/{home}/help-requests", { params: { path: { home } }, body }));
      setSaid(t("help.sent", { time: time(made.at) }));
      setText("");
    } catch (error) {
      setSaid(whyNot(error as Error, t));
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: helpQuery(home).queryKey });
  };
  return (
    <Modal opened onClose={close} centered title={t("help.title")} closeButtonProps={{ size: 44, "aria-label": t("app.close") }}>
      <Stack>
        <Text>{t("help.lead")}</Text>
        <Textarea
          size="md"
          autosize
          minRows={2}
          maxLength={2000}
          label={t("help.text")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Text size="sm" c="var(--ink-2)">
          {t("help.withScreen")}
        </Text>
        {said && <Text role="status">{said}</Text>}
        <Button size="lg" loading={busy} onClick={() => void send()}>
          {t("help.send")}
        </Button>
        {data && data.length > 0 && (
          <div>
            <strong>{t("help.mine")}</strong>
            <ul className={lines.lines} style={{ marginTop: 0 }}>
              {data.slice(0, 3).map((request) => (
                <li key={request.id}>
                  <div>
                    {request.text || t("help.bare")}
                    <small style={{ display: "block" }}>{time(request.at)}</small>
                  </div>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Stack>
    </Modal>
  );
}
