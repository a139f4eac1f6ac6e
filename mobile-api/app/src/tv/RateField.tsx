import { Button, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { mega, megabits, qualities, qualityOf } from "./rate";
import classes from "./Sheet.module.css";
import type { FieldProps } from "./WhoField";
import { Wrong } from "./Wrong";

type Props = FieldProps & { left: { down: number; up: number } };

/** How much of the line: in what people watch, with the figure; any number under Other. */
export function RateField({ draft, change, problems, left }: Props) {
  const { t } = useTranslation();
  const { reader } = useHome().words;
  const id = useId();
  const [other, setOther] = useState(draft.down > 0 && qualityOf(draft.down) === null);
  const choices = [
    ...qualities.map(({ word, down, up }) => ({ word, down, up, on: !other && draft.down === down })),
    { word: "none" as const, down: 0, up: 0, on: !other && draft.down === 0 },
  ];
  return (
    <div>
      <div role="radiogroup" aria-labelledby={id}>
        <h3 id={id} className={classes.label}>
          {t("tv.how")}
        </h3>
        <div className={classes.cards}>
          {choices.map(({ word, down, up, on }) => (
            <label key={word} className={classes.card}>
              <input
                type="radio"
                name={id}
                checked={on}
                onChange={() => {
                  setOther(false);
                  change({ down, up });
                }}
              />
              <strong>{t(`tv.quality_${word}`)}</strong>
              {down > 0 && <small>{t("tv.mbits", { n: megabits(down, reader) })}</small>}
            </label>
          ))}
          <label className={classes.card}>
            <input type="radio" name={id} checked={other} onChange={() => setOther(true)} />
            <strong>{t("tv.quality_other")}</strong>
          </label>
        </div>
      </div>
      {other && <MegabitInput label={t("tv.rateDown")} value={draft.down} set={(down) => change({ down })} />}
      <TooHigh way="down" {...{ draft, change, problems, left }} />
      <TooHigh way="up" {...{ draft, change, problems, left }} />
      <Wrong problems={problems.filter(({ code }) => code !== "floors-too-high")} of={["floorDown", "floorUp"]} />
    </div>
  );
}

/** A refused floor: what was asked, what the line can hold, and one tap to take that. */
function TooHigh({ way, draft, change, problems, left }: Props & { way: "down" | "up" }) {
  const { t } = useTranslation();
  const { reader } = useHome().words;
  const field = way === "down" ? "floorDown" : "floorUp";
  if (!problems.some((problem) => problem.code === "floors-too-high" && problem.field === field)) return null;
  const limit = left[way];
  const values = { asked: megabits(draft[way], reader), limit: megabits(limit, reader) };
  return (
    <div role="alert" className={classes.wrong}>
      <span>{t(way === "down" ? "tv.tooHigh" : "tv.tooHighUp", values)}</span>
      {limit > 0 && draft[way] > limit && (
        <Button variant="default" h={44} onClick={() => change({ [way]: limit })}>
          {t("tv.take", { n: megabits(limit, reader) })}
        </Button>
      )}
    </div>
  );
}

type InputProps = { label: string; value: number; set: (bits: number) => void };

/** Mbit/s as somebody writes them, with a comma or a point. What is no number is NaN. */
export function MegabitInput({ label, value, set }: InputProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value > 0 ? String(value / mega) : "");
  const [kept, setKept] = useState(value);
  if (value !== kept && !(Number.isNaN(value) && Number.isNaN(kept))) {
    setKept(value); // somebody else changed it: a preset, or the limit that was taken
    setText(value > 0 ? String(value / mega) : "");
  }
  const write = (typed: string) => {
    const number = Number(typed.trim().replace(",", "."));
    const bits = typed.trim() === "" ? 0 : number >= 0 ? Math.round(number * mega) : NaN;
    setText(typed);
    setKept(bits);
    set(bits);
  };
  return (
    <TextInput
      mt={8}
      size="md"
      inputMode="decimal"
      autoComplete="off"
      label={label}
      value={text}
      error={Number.isNaN(value) ? t("tv.number") : undefined}
      onChange={(event) => write(event.currentTarget.value)}
    />
  );
}
