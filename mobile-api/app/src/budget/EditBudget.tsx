import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Budget, Target } from "../api/client";
import { useAsk } from "../change/useAsk";
import { putOf } from "../change/wish";
import { idFor } from "../home/id";
import { DayChoice } from "../hours/DayChoice";
import { inOrder } from "../hours/week";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { days, span } from "../time/words";

const quarter = 15 * 60;

type Props = { target: Target; name: string; budget: Budget | null; close: () => void };

export default function EditBudget({ target, name, budget, close }: Props) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const { ask, busy, refusal } = useAsk();
  const [amount, setAmount] = useState(budget?.amount ?? 2 * 3600);
  const [chosen, setChosen] = useState(budget?.days ?? [...days]);
  const step = (by: number) => setAmount(Math.min(86_400, Math.max(quarter, amount + by)));

  const save = async () => {
    const taken = (state.policy.budgets ?? []).map((b) => b.id);
    const own = budget?.id ?? idFor(`daily ${target.person ?? target.device ?? ""}`, taken);
    const wish = putOf(id, "budgets", { id: own, for: target, days: inOrder(chosen), amount }, t("budget.saved", { name }));
    if (await ask(wish)) close();
  };
  return (
    <Dialog name="dailyTime" close={close} title={t("person.daily")}>
      <Stack>
        <Group justify="center" gap="lg" role="group" aria-label={t("budget.amount")}>
          <ActionIcon size={56} variant="default" aria-label={t("budget.less")} onClick={() => step(-quarter)}>
            <IconMinus size={24} aria-hidden />
          </ActionIcon>
          <Text fz={32} fw={700} miw={120} ta="center" aria-live="polite">
            {span(amount / 60)}
          </Text>
          <ActionIcon size={56} variant="default" aria-label={t("budget.more")} onClick={() => step(quarter)}>
            <IconPlus size={24} aria-hidden />
          </ActionIcon>
        </Group>
        <Text fw={550}>{t("budget.days")}</Text>
        <DayChoice
          chosen={chosen}
          toggle={(day) => setChosen(chosen.includes(day) ? chosen.filter((d) => d !== day) : [...chosen, day])}
        />
        {refusal}
        <Button size="lg" loading={busy} onClick={() => void save()}>
          {t("app.save")}
        </Button>
      </Stack>
    </Dialog>
  );
}
