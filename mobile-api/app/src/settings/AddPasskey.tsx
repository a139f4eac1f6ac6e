import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import type { TFunction } from "i18next";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../api/refusal";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { makePasskey } from "../signin/passkey";
import { clientName } from "./clientName";
import { isWrong } from "./wrong";

type Props = { opened: boolean; close: () => void; added: () => Promise<void> };

/** A new passkey, with the password first: who borrows an open phone must not leave with a key. */
export function AddPasskey({ opened, close, added }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(() => clientName(navigator.userAgent));
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);

  const leave = () => {
    setPassword("");
    setError("");
    close();
  };
  const make = async (event: FormEvent) => {
    event.preventDefault();
    setError("");
    setBusy(true);
    try {
      if (!(await makePasskey(password, name.trim()))) return;
      setPassword("");
      await added();
    } catch (caught) {
      setError(why(caught as Error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog name="addPasskey" opened={opened} close={leave} title={t("passkey.add")}>
      <form onSubmit={(event) => void make(event)}>
        <Stack>
          <Text>{t("passkey.addLead")}</Text>
          <TextInput
            size="lg"
            label={t("passkey.name")}
            value={name}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            size="lg"
            label={t("passkey.password")}
            value={password}
            autoComplete="current-password"
            data-autofocus
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" type="submit" loading={busy} disabled={!password || !name.trim()}>
            {t("passkey.add")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}

function why(error: Error, t: TFunction<"words">): string {
  if (error instanceof DOMException) return t(error.name === "InvalidStateError" ? "passkey.have" : "passkey.notMade");
  if (isWrong(error)) return t("settings.passwordWrong");
  if (error instanceof Refusal && error.code === "passkey") return t("passkey.tooLate");
  return whyNot(error, t);
}
