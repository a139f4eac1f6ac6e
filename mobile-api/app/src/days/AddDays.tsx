import "@mantine/dates/styles.css";
import "dayjs/locale/fr";
import { Button, Radio, Stack, Text } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Target } from "../api/client";
import { useAsk } from "../change/useAsk";
import { policyOf } from "../change/wish";
import { TimeField } from "../hours/TimeField";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { clockText, dateOf, days, weekOf } from "../time/words";
import { type Shape, windowsOf, withDays } from "./exception";
import { ImportDays } from "./ImportDays";

const HolidayChips = lazy(() => import("./HolidayChips"));

type Props = { target: Target; name: string; close: () => void };

/** Picks dates, by hand, from the public holidays or from a calendar file, and says what they are like. */
export default function AddDays({ target, name, close }: Props) {
  const { t } = useTranslation();
  const { id, words } = useHome();
  const { ask, busy, refusal } = useAsk();
  const [dates, setDates] = useState<string[]>([]);
  const [names, setNames] = useState<Record<string, string>>({});
  const [kind, setKind] = useState<Shape["kind"]>("free");
  const [bedtime, setBedtime] = useState(23 * 60);
  const [end, setEnd] = useState(9 * 60);
  const { reader, now } = words;
  const first = weekOf(reader.locale)[0] ?? "Monday";
  const shape: Shape = kind === "late" ? { kind, start: clockText(bedtime), end: clockText(end) } : { kind };
  const around = (minute: number) => (minute + 1440) % 1440;
  const add = (more: readonly string[]) => setDates([...new Set([...dates, ...more])].sort());
  const toggle = (date: string, name: string) => {
    setDates(dates.includes(date) ? dates.filter((d) => d !== date) : [...dates, date].sort());
    setNames({ ...names, [date]: name });
  };

  const save = async () => {
    const made = dates.map((date) => ({ date, windows: windowsOf(shape), ...(names[date] ? { name: names[date] } : {}) }));
    const label = t("days.saved", { count: dates.length, name });
    if (await ask(policyOf(id, (policy) => withDays(policy, target, made), label))) close();
  };
  return (
    <Dialog name="addDays" close={close} fullScreen={window.innerWidth < 600} title={t("days.add")}>
      <Stack>
        <Text fw={550}>{t("days.pick")}</Text>
        <DatePicker
          type="multiple"
          value={dates}
          onChange={setDates}
          minDate={dateOf(now, reader.zone)}
          locale={reader.language}
          firstDayOfWeek={((days.indexOf(first) + 1) % 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6}
          size={window.innerWidth < 360 ? "sm" : "lg"}
          mx="auto"
          ariaLabels={{
            previousMonth: t("days.previousMonth"),
            nextMonth: t("days.nextMonth"),
            previousYear: t("days.previousYear"),
            nextYear: t("days.nextYear"),
            previousDecade: t("days.previousYears"),
            nextDecade: t("days.nextYears"),
          }}
        />
        <Suspense fallback={<Text c="var(--ink-2)">{t("app.loading")}</Text>}>
          <HolidayChips chosen={dates} toggle={toggle} />
        </Suspense>
        <ImportDays add={add} />
        <Radio.Group label={t("days.kind")} value={kind} onChange={(value) => setKind(value as Shape["kind"])}>
          <Stack gap={0}>
            {(["free", "late", "day"] as const).map((value) => (
              <Radio key={value} value={value} size="md" py={10} label={t(`days.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {kind === "late" && (
          <>
            <TimeField
              label={t("days.late")}
              minute={bedtime}
              step={(by) => setBedtime(around(bedtime + by))}
              set={setBedtime}
            />
            <TimeField label={t("days.until")} minute={end} step={(by) => setEnd(around(end + by))} set={setEnd} />
          </>
        )}
        {refusal}
        <Button size="lg" loading={busy} disabled={dates.length === 0} onClick={() => void save()}>
          {dates.length === 0 ? t("days.choose") : t("days.save", { count: dates.length })}
        </Button>
      </Stack>
    </Dialog>
  );
}
