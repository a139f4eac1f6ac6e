import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { Sheet } from "./Sheet";

type Props = { id: string; close: () => void; after: () => Promise<void> };

/** When somebody looks again, and what at: the customer reads both. By this desk's clock. */
export function PromiseDialog({ id, close, after }: Props) {
  const { t } = useTranslation("support");
  const [at, setAt] = useState("");
  const [text, setText] = useState("");
  const when = new Date(at);
  const ready = !Number.isNaN(when.getTime()) && text.trim() !== "";
  const send = () =>
    answer(api.POST("/staff/cases/{case}/promise", { params: { path: { case: id } }, body: { at: when.toISOString(), text: text.trim() } }));
  return (
    <Sheet title={t("promise")} ready={ready} send={send} close={close} after={after}>
      <TextInput type="datetime-local" label={t("when")} value={at} onChange={(event) => setAt(event.currentTarget.value)} />
      <TextInput label={t("what")} maxLength={300} value={text} onChange={(event) => setText(event.currentTarget.value)} />
    </Sheet>
  );
}
