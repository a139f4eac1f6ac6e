import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import type { Passkey } from "../signin/passkey";

type Props = { passkey: Passkey; opened: boolean; close: () => void; dropped: () => Promise<void> };

/** Asked before, as a passkey that is gone cannot be brought back. */
export function DropPasskey({ passkey, opened, close, dropped }: Props) {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const leave = () => {
    setError("");
    close();
  };
  const drop = async () => {
    setError("");
    try {
      await answer(api.DELETE("/me/passkeys/{passkey}", { params: { path: { passkey: passkey.id } } }));
      await dropped();
    } catch (caught) {
      setError(whyNot(caught as Error, t));
    }
  };
  return (
    <Dialog name="dropPasskey" opened={opened} close={leave} title={t("passkey.dropAsk", { name: passkey.name })}>
      <Stack>
        <Text>{t("passkey.dropText")}</Text>
        {error && <Text role="alert">{error}</Text>}
        <Button size="lg" color="red" onClick={() => void drop()}>
          {t("passkey.dropName", { name: passkey.name })}
        </Button>
        <Button size="lg" variant="default" onClick={leave}>
          {t("app.cancel")}
        </Button>
      </Stack>
    </Dialog>
  );
}
