import { Button, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { dateOf } from "../time/words";

/** School holidays from a calendar file that the school or the ministry gives out; it is read on the phone. */
export function ImportDays({ add }: { add: (dates: readonly string[]) => void }) {
  const { t } = useTranslation();
  const { reader, now } = useHome().words;
  const input = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");

  const read = async (file: File | undefined) => {
    if (!file) return;
    try {
      const { datesIn, longest, most } = await import("./calendar");
      const { dates, wrong, repeats } = datesIn(await file.text(), dateOf(now, reader.zone));
      const count = dates.length;
      if (count > most) {
        setSaid(t("days.importMany", { count, most }));
        return;
      }
      add(dates);
      const said: string[] = [count > 0 ? t("days.imported", { count }) : t("days.importNone")];
      if (wrong > 0) said.push(t("days.importWrong", { count: wrong, longest }));
      if (repeats) said.push(t("days.importRepeats"));
      setSaid(said.join(" "));
    } catch {
      setSaid(t("days.importBad"));
    }
  };
  return (
    <div>
      <Button
        variant="default"
        h={48}
        leftSection={<IconFileImport size={20} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t("days.import")}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".ics,text/calendar"
        hidden
        onChange={(event) => {
          void read(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <Text size="sm" c="var(--ink-2)" mt={4} role="status">
        {said || t("days.importText")}
      </Text>
    </div>
  );
}
