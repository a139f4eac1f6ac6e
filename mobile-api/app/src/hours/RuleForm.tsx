import { TextInput } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { DayChoice } from "./DayChoice";
import classes from "./RuleForm.module.css";
import { ruleName } from "./name";
import { TimeField } from "./TimeField";
import { dayMinutes, inOrder, type Rule } from "./week";

const names = ["school-nights", "weekend", "homework", "night", "meal"] as const;

type Props = { rule: Rule; change: (rule: Rule) => void };

/** One rule: its name, when it begins and ends, on which days. All that the grid can do. */
export function RuleForm({ rule, change }: Props) {
  const { t } = useTranslation();
  const usual = useId();
  const later = Math.floor(rule.end / dayMinutes) > 0 && rule.end !== dayMinutes;
  return (
    <div className={classes.form}>
      <TextInput
        size="md"
        aria-label={t("hours.name")}
        placeholder={ruleName({ ...rule, name: "" }, t)}
        value={rule.name}
        maxLength={80}
        list={usual}
        autoComplete="off"
        onChange={(event) => change({ ...rule, name: event.currentTarget.value })}
      />
      <datalist id={usual}>
        {names.map((name) => (
          <option key={name} value={t(`rule.${name}`)} />
        ))}
      </datalist>
      <div className={classes.times}>
        <TimeField
          label={t("hours.start")}
          minute={rule.start}
          step={(by) => change({ ...rule, start: rule.start + by })}
          set={(start) => change({ ...rule, start, end: endAfter(start, rule.end % dayMinutes) })}
        />
        <TimeField
          label={later ? `${t("hours.end")} · ${t("rule.endsNextDay")}` : t("hours.end")}
          minute={rule.end}
          step={(by) => change({ ...rule, end: rule.end + by })}
          set={(end) => change({ ...rule, end: endAfter(rule.start, end) })}
        />
      </div>
      <DayChoice
        chosen={rule.days}
        toggle={(day) =>
          change({ ...rule, days: rule.days.includes(day) ? rule.days.filter((d) => d !== day) : inOrder([...rule.days, day]) })
        }
      />
    </div>
  );
}

/** An end that is not after its start is one of the next day. */
function endAfter(start: number, end: number): number {
  return end > start ? end : end + dayMinutes;
}
