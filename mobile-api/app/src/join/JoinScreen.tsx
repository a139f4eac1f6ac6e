import { Button, PasswordInput, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { meQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { forgetEnd } from "../shell/signedOut";
import type { Language } from "../time/words";
import { codeHere, isGone } from "./code";
import { Door } from "./Door";

/** Accepts an invitation with a new account. */
export function JoinScreen() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [code] = useState(codeHere);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const look = useQuery({
    queryKey: ["invitation", code],
    queryFn: () => answer(api.POST("/invitations/look", { body: { code } })),
    retry: false,
  });

  const join = async () => {
    setError("");
    const account = email.trim() || password ? { email: email.trim(), password } : {};
    const body = { code, name: name.trim(), locale: i18n.language as Language, kind: "browser" as const, ...account };
    try {
      await answer(api.POST("/invitations/accept", { body }));
      client.clear();
      forgetEnd();
      await client.fetchQuery(meQuery);
      await navigate({ to: "/" });
    } catch (caught) {
      setError(isGone(caught) ? t("join.gone") : whyNot(caught as Error, t));
    }
  };
  const gone = look.isError ? (isGone(look.error) ? t("join.gone") : whyNot(look.error, t)) : "";
  return (
    <Door title={t("join.title")} submit={join} error={error || gone}>
      {look.data && (
        <>
          <Text>{t("join.line", { inviter: look.data.inviter, home: look.data.home })}</Text>
          <Text c="var(--ink-2)">{t(`members.${look.data.role}_may`)}</Text>
          <TextInput
            size="lg"
            label={t("join.name")}
            value={name}
            maxLength={80}
            autoComplete="given-name"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {look.data.role === "child" && <Text size="sm">{t("join.optional")}</Text>}
          <TextInput
            size="lg"
            type="email"
            label={t("join.email")}
            value={email}
            autoComplete="username"
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            size="lg"
            label={t("join.password")}
            value={password}
            autoComplete="new-password"
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button size="lg" type="submit" disabled={!name.trim()}>
            {t("join.submit")}
          </Button>
        </>
      )}
    </Door>
  );
}
