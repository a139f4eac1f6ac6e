import { Button, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { whyNot } from "../change/failure";
import { Door } from "./Door";

/** Asks for a letter with a link to a new password. */
export function ForgotScreen() {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const [error, setError] = useState("");
  const send = async () => {
    setError("");
    try {
      await answer(api.POST("/password-resets", { body: { email: email.trim() } }));
      setSent(true);
    } catch (caught) {
      setError(whyNot(caught as Error, t));
    }
  };
  return (
    <Door title={t("join.forgotTitle")} submit={send} error={error}>
      {sent ? (
        <Text role="status">{t("join.forgotSent")}</Text>
      ) : (
        <>
          <Text c="var(--ink-2)">{t("join.forgotLead")}</Text>
          <TextInput
            size="lg"
            type="email"
            label={t("join.email")}
            value={email}
            autoComplete="username"
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Button size="lg" type="submit" disabled={!email.trim()}>
            {t("join.forgotSend")}
          </Button>
        </>
      )}
    </Door>
  );
}
