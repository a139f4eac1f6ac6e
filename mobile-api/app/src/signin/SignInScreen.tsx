import { Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { meQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { waitWords } from "../change/failure";
import { Contact } from "../help/Contact";
import { LanguageChoice } from "../settings/LanguageChoice";
import { forgetEnd, isEnded } from "../shell/signedOut";
import { CodeField } from "./CodeField";
import { hasPasskeys, signInByPasskey } from "./passkey";
import { ProviderDoor } from "./ProviderDoor";
import classes from "./SignInScreen.module.css";

const ended = "carebox.ended";

export function SignInScreen() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState<string | null>(null); // null: not asked for
  const [error, setError] = useState<Error | null>(null);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState<"password" | "passkey" | null>(null);
  const [closed] = useState(() => sessionStorage.getItem(ended) !== null);
  useEffect(() => sessionStorage.removeItem(ended), []);
  useEffect(() => {
    const settle = () => void isEnded();
    settle();
    window.addEventListener("online", settle);
    return () => window.removeEventListener("online", settle);
  }, []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(!email.trim() || !password);
    if (!email.trim() || !password) return;
    await enter("password", async () => {
      await answer(api.POST("/sessions", { body: { email: email.trim(), password, kind: "browser", ...(code?.trim() && { code }) } }));
      return true;
    });
  };
  const enter = async (by: "password" | "passkey", signIn: () => Promise<boolean>) => {
    setBusy(by);
    setError(null);
    try {
      if (!(await signIn())) return;
      forgetEnd();
      await client.fetchQuery(meQuery);
      await navigate({ to: "/" });
    } catch (caught) {
      if (caught instanceof Refusal && caught.code === "second-factor") return setCode(code ?? "");
      setError(caught instanceof Error ? caught : new Error(String(caught)));
    } finally {
      setBusy(null);
    }
  };
  const byPasskey = () => {
    setMissing(false);
    void enter("passkey", signInByPasskey);
  };

  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <img src="/icon.svg" alt="" width={64} height={64} />
          <div>
            <Title order={1} fz={28}>
              {t("signIn.title")}
            </Title>
            <Text c="var(--ink-2)">{t("signIn.lead")}</Text>
          </div>
          {closed && !error && <p className={classes.note}>{t("signIn.ended")}</p>}
          <TextInput
            size="lg"
            type="email"
            name="email"
            autoComplete="username"
            label={t("signIn.email")}
            value={email}
            error={missing && !email.trim()}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            size="lg"
            name="password"
            autoComplete="current-password"
            label={t("signIn.password")}
            value={password}
            error={missing && !password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {code !== null && <CodeField value={code} change={setCode} />}
          <div role="alert">
            {missing && <p className={classes.error}>{t("signIn.missing")}</p>}
            {error && !missing && <Why error={error} />}
          </div>
          <Button size="lg" type="submit" loading={busy === "password"} disabled={busy === "passkey"}>
            {t("signIn.submit")}
          </Button>
          {hasPasskeys() && (
            <Button
              size="lg"
              variant="default"
              px="xs"
              leftSection={<IconFingerprint size={20} aria-hidden />}
              loading={busy === "passkey"}
              disabled={busy === "password"}
              onClick={byPasskey}
            >
              {t("passkey.signIn")}
            </Button>
          )}
          <ProviderDoor />
          <Link to="/forgot" className={classes.link}>
            {t("join.forgot")}
          </Link>
        </Stack>
      </form>
      <Contact />
      <LanguageChoice />
    </main>
  );
}

function Why({ error }: { error: Error }) {
  const { t } = useTranslation();
  if (error instanceof Refusal && error.code === "passkey") return <p className={classes.error}>{t("passkey.refused")}</p>;
  if (error instanceof DOMException) return <p className={classes.error}>{t("passkey.failed")}</p>;
  if (!(error instanceof Refusal)) return <p className={classes.error}>{t("signIn.offline")}</p>;
  if (error.code === "second-factor-wrong") return <p className={classes.error}>{t("codes.refused")}</p>;
  if (error.status === 401 || error.status === 422) return <p className={classes.error}>{t("signIn.wrong")}</p>;
  if (error.status === 429) return <p className={classes.error}>{t("signIn.throttled", { wait: waitWords(error.wait ?? 60, t) })}</p>;
  return <p className={classes.error}>{t("signIn.failed")}</p>;
}
