import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { Refusal } from "../api/refusal";
import { whyNot } from "../change/failure";
import { isLastOwner } from "../members/lastOwner";
import { Dialog } from "../parts/Dialog";
import { Section } from "../person/Section";
import { leave } from "../shell/client";
import { useHome } from "../shell/HomeContext";
import { isWrong } from "./wrong";

/** Taking one's own account away. A child may have no password to say again. */
export function AccountSection() {
  const { t } = useTranslation();
  const { me, line } = useHome();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const locked = line === "offline" || line === "away" ? t("act.offlineWhy") : null;
  const has = me.member.email !== "";

  const why = (caught: unknown) => {
    if (isWrong(caught)) return t("settings.passwordWrong");
    if (isLastOwner(caught)) return t("leaving.onlyOwner", { homes: (caught as Refusal).problem.detail ?? "" });
    return whyNot(caught as Error, t);
  };
  const remove = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      await answer(api.POST("/me/deletion", { body: { password } }));
      leave(false);
    } catch (caught) {
      setError(why(caught));
      setBusy(false);
    }
  };
  const begin = () => {
    setPassword("");
    setError("");
    setOpen(true);
  };
  return (
    <Section title={t("leaving.account")} hint={me.member.email || me.member.name}>
      <Button variant="subtle" color="red" h={48} disabled={locked !== null} title={locked ?? undefined} onClick={begin}>
        {t("leaving.delete")}
      </Button>
      <Dialog name="deleteAccount" opened={open} close={() => setOpen(false)} title={t("leaving.delete")}>
        <form onSubmit={(event) => void remove(event)}>
          <Stack>
            <Text>{t("leaving.deleteText")}</Text>
            {has && (
              <PasswordInput
                size="lg"
                label={t("settings.deletePassword")}
                value={password}
                autoComplete="current-password"
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
            )}
            {error && <Text role="alert">{error}</Text>}
            <Button size="lg" color="red" type="submit" disabled={busy || (has && !password)}>
              {t("leaving.deleteYes")}
            </Button>
            <Button size="lg" variant="default" onClick={() => setOpen(false)}>
              {t("app.cancel")}
            </Button>
          </Stack>
        </form>
      </Dialog>
    </Section>
  );
}
