import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Target } from "../api/client";
import { useAsk } from "../change/useAsk";
import { policyOf } from "../change/wish";
import { exceptionLine } from "../home/sentence";
import { TimeField } from "../hours/TimeField";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { clockText, dateOf, minutes, wall } from "../time/words";
import { bedtimeOf, hoursOn, withTonight } from "./exception";

type Props = { target: Target; name: string; close: () => void };

/** Another bedtime for this one evening; the week stays as it is, and so does what else is special about today. */
export default function Tonight({ target, name, close }: Props) {
  const { t } = useTranslation();
  const { id, state, words } = useHome();
  const { ask, busy, refusal } = useAsk();
  const date = dateOf(words.now, words.reader.zone);
  const { windows, special } = hoursOn(state.policy, target, date);
  const bedtime = bedtimeOf(windows);
  const old = bedtime ? minutes(bedtime.start) : 0;
  const [minute, setMinute] = useState(Math.min(old + 60, 1425));
  const within = (value: number) => Math.min(1439, Math.max(12 * 60, value));

  const save = async (start: string | null) => {
    const label = t("change.what_rule", { name });
    if (await ask(policyOf(id, (policy) => withTonight(policy, target, date, start), label))) close();
  };
  return (
    <Dialog name="tonight" close={close} title={t("days.tonight")}>
      {special && (
        <Text mb="md">
          {special.name ? t("days.tonightNamed", { name: special.name }) : t("days.tonightSpecial")} {exceptionLine(special, words)}
        </Text>
      )}
      {bedtime ? (
        <Stack>
          <Text>{t("days.tonightText", { new: wall(minute, words.reader), old: wall(old, words.reader) })}</Text>
          <TimeField
            label={t("days.late")}
            minute={minute}
            step={(by) => setMinute(within(minute + by))}
            set={(value) => setMinute(within(value))}
          />
          {refusal}
          <Button size="lg" loading={busy} disabled={minute === old} onClick={() => void save(clockText(minute))}>
            {t("days.tonightSave", { time: wall(minute, words.reader) })}
          </Button>
          <Button size="lg" variant="default" disabled={busy} onClick={() => void save(null)}>
            {t("days.tonightFree")}
          </Button>
        </Stack>
      ) : (
        <Text>{t(windows.length > 0 ? "days.tonightNoNight" : "days.tonightNone")}</Text>
      )}
    </Dialog>
  );
}
