import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Sheet } from "./Sheet";

type Props = { title: string; text: string; yes: string; say: (reason: string) => void; close: () => void };

/** Asks why; nothing goes on without a word. */
export function ReasonDialog({ title, text, yes, say, close }: Props) {
  const { t } = useTranslation("field");
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) say(reason.trim());
  };
  return (
    <Sheet title={title} close={close}>
      <form onSubmit={submit}>
        <Stack>
          <Text>{text}</Text>
          <TextInput
            size="lg"
            label={t("skip.reason")}
            value={reason}
            maxLength={120}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button size="lg" type="submit" disabled={!reason.trim()}>
            {yes}
          </Button>
        </Stack>
      </form>
    </Sheet>
  );
}
