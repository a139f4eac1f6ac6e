import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { type Day, dayName, days } from "../time/words";
import { DayChoice } from "./DayChoice";
import classes from "./Editor.module.css";
import type { Editor } from "./useEditor";

const usual: { word: "schoolNights" | "weekdays" | "weekend" | "allDays"; days: readonly Day[] }[] = [
  { word: "schoolNights", days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday"] },
  { word: "weekdays", days: days.slice(0, 5) },
  { word: "weekend", days: ["Saturday", "Sunday"] },
  { word: "allDays", days },
];

type Props = { editor: Editor; from: Day; close: () => void };

/** Gives other days exactly the hours of this one. */
export function CopyDay({ editor, from, close }: Props) {
  const { t } = useTranslation();
  const { reader } = useHome().words;
  const [chosen, setChosen] = useState<Day[]>([]);
  const day = dayName(from, reader);
  const toggle = (one: Day) => setChosen(chosen.includes(one) ? chosen.filter((d) => d !== one) : [...chosen, one]);
  return (
    <section className={classes.sheet} aria-label={t("hours.copyTo", { day })}>
      <strong>{t("hours.copyTo", { day })}</strong>
      <Group gap={8}>
        {usual.map((group) => (
          <Button key={group.word} variant="default" h={44} px="sm" onClick={() => setChosen([...group.days])}>
            {t(`hours.${group.word}`)}
          </Button>
        ))}
      </Group>
      <DayChoice chosen={chosen} toggle={toggle} keepOne={false} />
      <div className={classes.sheetFoot}>
        <Button variant="default" h={44} onClick={close}>
          {t("app.cancel")}
        </Button>
        <Button
          h={44}
          disabled={!chosen.some((one) => one !== from)}
          onClick={() => {
            editor.copy(from, chosen);
            close();
          }}
        >
          {t("hours.copy")}
        </Button>
      </div>
    </section>
  );
}
