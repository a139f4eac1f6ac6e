import { Checkbox, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { type Scope, scopes } from "../consent/visit";
import { Sheet } from "./Sheet";

type Props = { id: string; granted: readonly Scope[]; wanted: readonly Scope[]; close: () => void; after: () => Promise<void> };

const lengths = ["5", "15", "30"];

/** Asks the customer: what for, how long, and why in words that they will read. Nobody else can say yes. */
export function AskSession({ id, granted, wanted, close, after }: Props) {
  const { t } = useTranslation("support");
  const [chosen, setChosen] = useState<Scope[]>([...new Set([...granted, ...wanted])]);
  const [minutes, setMinutes] = useState("15");
  const [why, setWhy] = useState("");
  const turn = (scope: Scope, on: boolean) => setChosen(on ? [...chosen, scope] : chosen.filter((one) => one !== scope));
  const send = () =>
    answer(
      api.POST("/staff/cases/{case}/sessions", {
        params: { path: { case: id } },
        body: { scopes: scopes.filter((scope) => chosen.includes(scope)), minutes: Number(minutes), reason: why.trim() },
      }),
    );
  return (
    <Sheet title={t("askSession")} ready={chosen.length > 0 && why.trim() !== ""} send={send} close={close} after={after}>
      <Text size="sm">{t("askHint")}</Text>
      <Stack gap="xs" role="group" aria-label={t("askWhat")}>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            size="md"
            label={t(`scope_${scope}`)}
            description={granted.includes(scope) ? t("granted") : undefined}
            checked={chosen.includes(scope)}
            onChange={(event) => turn(scope, event.currentTarget.checked)}
          />
        ))}
      </Stack>
      <SegmentedControl
        fullWidth
        aria-label={t("askLong")}
        value={minutes}
        onChange={setMinutes}
        data={lengths.map((value) => ({ value, label: t("minutes", { n: value }) }))}
      />
      <Textarea label={t("askWhy")} autosize minRows={2} maxLength={300} value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
    </Sheet>
  );
}
