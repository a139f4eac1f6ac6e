import { Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";
import { Sheet } from "./Sheet";

type Props = { id: string; close: () => void; after: () => Promise<void> };

/** To somebody who is there and has to accept, or back to the queue; never without a reason and what was tried. */
export function HandOverDialog({ id, close, after }: Props) {
  const { t } = useTranslation("support");
  const { me, desks } = useConsole();
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState("");
  const others = desks.filter((desk) => desk.id !== me.id);
  const send = () =>
    answer(
      api.POST("/staff/cases/{case}/handover", {
        params: { path: { case: id } },
        body: { ...(to ? { to } : {}), reason: reason.trim(), tried: tried.trim() },
      }),
    );
  return (
    <Sheet title={t("handOver")} ready={reason.trim() !== "" && tried.trim() !== ""} send={send} close={close} after={after}>
      <Radio.Group label={t("to")} value={to} onChange={setTo}>
        <Stack gap="xs" mt={6}>
          <Radio value="" label={t("toQueue")} />
          {others.map(({ id: other, name, languages }) => (
            <Radio key={other} value={other} label={[name, ...languages].join(" · ")} />
          ))}
        </Stack>
      </Radio.Group>
      {others.length === 0 && <p className={classes.quiet}>{t("nobody")}</p>}
      <TextInput label={t("reason")} maxLength={300} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      <Textarea label={t("tried")} autosize minRows={2} maxLength={2000} value={tried} onChange={(event) => setTried(event.currentTarget.value)} />
    </Sheet>
  );
}
