import { ActionIcon } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { clockText, minutes } from "../time/words";
import classes from "./RuleForm.module.css";

type Props = { label: string; minute: number; step: (by: number) => void; set: (minute: number) => void };

/** A time by the phone's own wheel, or a quarter of an hour at a tap. */
export function TimeField({ label, minute, step, set }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={classes.time}>
      <label htmlFor={id}>{label}</label>
      <div className={classes.stepper}>
        <ActionIcon size={44} variant="default" aria-label={t("hours.earlier", { what: label })} onClick={() => step(-15)}>
          <IconMinus size={20} aria-hidden />
        </ActionIcon>
        <input
          id={id}
          type="time"
          step={300}
          value={clockText(minute)}
          onChange={(event) => event.currentTarget.value && set(minutes(event.currentTarget.value))}
        />
        <ActionIcon size={44} variant="default" aria-label={t("hours.later", { what: label })} onClick={() => step(15)}>
          <IconPlus size={20} aria-hidden />
        </ActionIcon>
      </div>
    </div>
  );
}
