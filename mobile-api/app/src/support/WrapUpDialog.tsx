import { Chip, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { Sheet } from "./Sheet";

type Props = { id: string; close: () => void; after: () => Promise<void> };

const reasons = ["internet", "wifi", "tv", "hours", "device", "account", "question", "mistake", "other"] as const;
type Reason = (typeof reasons)[number];

/** What it was, and what the customer reads about it. */
export function WrapUpDialog({ id, close, after }: Props) {
  const { t } = useTranslation("support");
  const [reason, setReason] = useState<Reason | "">("");
  const [summary, setSummary] = useState("");
  const send = () =>
    answer(api.POST("/staff/cases/{case}/wrap-up", { params: { path: { case: id } }, body: { reason, summary: summary.trim() } }));
  return (
    <Sheet title={t("wrapUp")} ready={reason !== "" && summary.trim() !== ""} send={send} close={close} after={after}>
      <div role="group" aria-label={t("wrapWhy")}>
        <Chip.Group value={reason} onChange={(value) => setReason(value as Reason)}>
          <Group gap="xs">
            {reasons.map((one) => (
              <Chip key={one} value={one}>
                {t(`reason_${one}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </div>
      <Textarea label={t("summary")} autosize minRows={3} maxLength={2000} value={summary} onChange={(event) => setSummary(event.currentTarget.value)} />
    </Sheet>
  );
}
