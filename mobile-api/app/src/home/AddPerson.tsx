import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../change/useAsk";
import { putOf } from "../change/wish";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { idFor } from "./id";

export default function AddPerson({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const { ask, busy, refusal } = useAsk();
  const [name, setName] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const clean = name.trim();
    if (!clean) return;
    const person = { id: idFor(clean, (state.policy.people ?? []).map((p) => p.id)), name: clean };
    if (await ask(putOf(id, "people", person, t("change.what_added", { name: clean })))) close();
  };
  return (
    <Dialog name="addPerson" close={close} title={t("name.addPersonTitle")}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text c="var(--ink-2)">{t("name.addPersonLead")}</Text>
          <TextInput
            size="lg"
            label={t("name.personName")}
            value={name}
            maxLength={80}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {refusal}
          <Button size="lg" type="submit" loading={busy} disabled={!name.trim()}>
            {t("app.add")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
