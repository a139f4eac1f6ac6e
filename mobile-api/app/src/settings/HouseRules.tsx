import { Radio, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Policy } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { policyOf } from "../change/wish";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";

const unknowns = ["allow", "quarantine", "refuse"] as const;
const effects = ["no-internet", "no-wifi"] as const;
const clocks = ["keep-last", "allow"] as const;

/** What holds for the whole home; each row is one decision, asked at once. */
export function HouseRules() {
  const { t } = useTranslation();
  const { id, state, locked } = useHome();
  const { ask } = useChanges();
  const { policy } = state;
  const set = (part: Partial<Policy>) => void ask(policyOf(id, (now) => ({ ...now, ...part }), t("change.what_settings")));
  const row = { size: "md", py: 10, disabled: locked !== null, title: locked ?? undefined } as const;
  return (
    <Section title={t("settings.forHome")}>
      <Stack gap="md" mt="xs">
        <Radio.Group label={t("settings.unknown")} value={policy.unknown} onChange={(value) => set({ unknown: value as Policy["unknown"] })}>
          {unknowns.map((value) => (
            <Radio key={value} {...row} value={value} label={t(`settings.unknown_${value}`)} />
          ))}
        </Radio.Group>
        <Radio.Group label={t("settings.effect")} value={policy.effect} onChange={(value) => set({ effect: value as Policy["effect"] })}>
          {effects.map((value) => (
            <Radio key={value} {...row} value={value} label={t(`settings.effect_${value}`)} />
          ))}
        </Radio.Group>
        <Radio.Group label={t("settings.clock")} value={policy.clock ?? "keep-last"} onChange={(value) => set({ clock: value as NonNullable<Policy["clock"]> })}>
          {clocks.map((value) => (
            <Radio key={value} {...row} value={value} label={t(`settings.clock_${value}`)} />
          ))}
        </Radio.Group>
      </Stack>
    </Section>
  );
}
