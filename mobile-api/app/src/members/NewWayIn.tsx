import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Kin } from "../api/client";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { Code } from "./Code";

/** A code for a child without an email who cannot sign in any more; they stay the same member. */
export function NewWayIn({ member, close }: { member: Kin; close: () => void }) {
  const { t } = useTranslation();
  const { id } = useHome();
  const [made, setMade] = useState<{ url: string; expires: string } | null>(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setError("");
    setBusy(true);
    try {
      setMade(await answer(api.POST("/homes/{home}/members/{member}/entry", { params: { path: { home: id, member: member.id } } })));
    } catch (caught) {
      setError(whyNot(caught as Error, t));
    }
    setBusy(false);
  };
  return (
    <Dialog name="newWayIn" close={close} title={t("leaving.backFor", { name: member.name })}>
      {made ? (
        <Code {...made} />
      ) : (
        <Stack>
          <Text>{t("leaving.backText", { name: member.name })}</Text>
          {error && <Text role="alert">{error}</Text>}
          <Button size="lg" loading={busy} onClick={() => void make()}>
            {t("leaving.make")}
          </Button>
        </Stack>
      )}
    </Dialog>
  );
}
