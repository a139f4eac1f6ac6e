import { Chip, Group, NativeSelect, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { dateOf, dateWords } from "../time/words";
import { countriesOf, holidaysFrom } from "./holiday";

const few = 12;

type Props = { chosen: readonly string[]; toggle: (date: string, name: string) => void };

/** The next public holidays of the home's country, a tap each. */
export default function HolidayChips({ chosen, toggle }: Props) {
  const { t } = useTranslation();
  const { reader, now } = useHome().words;
  const { zone, language } = reader;
  const today = dateOf(now, zone);
  const countries = useMemo(() => countriesOf(zone), [zone]);
  const [country, setCountry] = useState(countries[0]?.code ?? "FR");
  const holidays = useMemo(() => holidaysFrom(country, today, language).slice(0, few), [country, today, language]);
  return (
    <div role="group" aria-label={t("days.holidays")}>
      <Text fw={550} mb={6}>
        {t("days.holidays")}
      </Text>
      {countries.length > 1 && (
        <NativeSelect
          size="md"
          mb="sm"
          aria-label={t("days.country")}
          value={country}
          data={countries.map(({ code, name }) => ({ value: code, label: name }))}
          onChange={(event) => setCountry(event.currentTarget.value)}
        />
      )}
      <Group gap={8}>
        {holidays.map(({ date, name }) => (
          <Chip key={date + name} size="md" checked={chosen.includes(date)} onChange={() => toggle(date, name)}>
            {name} · {dateWords(date, reader, "short")}
          </Chip>
        ))}
      </Group>
    </div>
  );
}
