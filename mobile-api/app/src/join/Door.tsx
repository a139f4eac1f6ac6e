import { Stack, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Contact } from "../help/Contact";
import { LanguageChoice } from "../settings/LanguageChoice";
import classes from "../signin/SignInScreen.module.css";

type Props = { title: string; submit: () => Promise<void>; error: string; children: ReactNode };

/** A form before the door, like the one of signing in. */
export function Door({ title, submit, error, children }: Props) {
  const { t } = useTranslation();
  const send = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={send} noValidate>
        <Stack>
          <img src="/icon.svg" alt="" width={64} height={64} />
          <Title order={1} fz={26}>
            {title}
          </Title>
          {children}
          <div role="alert">{error && <p className={classes.error}>{error}</p>}</div>
          <Link to="/sign-in" className={classes.link}>
            {t("join.back")}
          </Link>
        </Stack>
      </form>
      <Contact />
      <LanguageChoice />
    </main>
  );
}
