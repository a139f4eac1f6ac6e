import { Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { DayChoice } from "../hours/DayChoice";
import { TimeField } from "../hours/TimeField";
import { days } from "../time/words";
import { evening, type Span, whenOf } from "./span";
import classes from "./Sheet.module.css";
import type { FieldProps } from "./WhoField";
import { Wrong } from "./Wrong";

const day = 1440;

/** Always, every evening, or times of one's own. */
export function WhenField({ draft, change, problems }: FieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const [when, setWhen] = useState(whenOf(draft.spans));
  const choose = (next: typeof when) => {
    setWhen(next);
    if (next === "always") change({ spans: [] });
    else if (next === "evenings" || draft.spans.length === 0) change({ spans: [evening] });
  };
  const put = (at: number, span: Span) => change({ spans: draft.spans.map((old, n) => (n === at ? span : old)) });
  return (
    <div>
      <div role="radiogroup" aria-labelledby={id}>
        <h3 id={id} className={classes.label}>
          {t("tv.when")}
        </h3>
        <div className={classes.cards}>
          {(["always", "evenings", "own"] as const).map((one) => (
            <label key={one} className={classes.card}>
              <input type="radio" name={id} checked={when === one} onChange={() => choose(one)} />
              <strong>{t(`tv.${one}`)}</strong>
            </label>
          ))}
        </div>
      </div>
      {when === "own" &&
        draft.spans.map((span, at) => (
          <Times
            key={at}
            span={span}
            put={(changed) => put(at, changed)}
            remove={draft.spans.length > 1 ? () => change({ spans: draft.spans.filter((_, n) => n !== at) }) : null}
          />
        ))}
      {when === "own" && (
        <Button
          variant="subtle"
          h={44}
          px="xs"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => change({ spans: [...draft.spans, evening] })}
        >
          {t("tv.addTime")}
        </Button>
      )}
      <Wrong problems={problems} of={["windows"]} />
    </div>
  );
}

type TimesProps = { span: Span; put: (span: Span) => void; remove: (() => void) | null };

function Times({ span, put, remove }: TimesProps) {
  const { t } = useTranslation();
  const ended = (start: number, end: number) => (end > start ? end : end + day);
  const from = (start: number) => put({ ...span, start, end: ended(start, span.end % day) });
  const later = span.end > day;
  return (
    <div className={classes.times}>
      <div className={classes.pair}>
        <TimeField
          label={t("hours.start")}
          minute={span.start}
          step={(by) => from((span.start + by + day) % day)}
          set={from}
        />
        <TimeField
          label={later ? `${t("hours.end")} · ${t("rule.endsNextDay")}` : t("hours.end")}
          minute={span.end}
          step={(by) => put({ ...span, end: ended(span.start, (span.end + by + day) % day) })}
          set={(end) => put({ ...span, end: ended(span.start, end) })}
        />
      </div>
      <DayChoice
        chosen={span.days}
        toggle={(one) => {
          const chosen = span.days.includes(one) ? span.days.filter((other) => other !== one) : [...span.days, one];
          put({ ...span, days: days.filter((other) => chosen.includes(other)) });
        }}
      />
      {remove && (
        <Button variant="subtle" color="red" h={44} px="xs" leftSection={<IconTrash size={18} aria-hidden />} onClick={remove}>
          {t("tv.removeTime")}
        </Button>
      )}
    </div>
  );
}
