import type { KeyboardEvent, PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { type Day, dayName, days, wall, weekOf } from "../time/words";
import { segmentsOf } from "./axis";
import type { Grip } from "./gesture";
import { ruleName } from "./name";
import { styleOf } from "./place";
import type { Follow } from "./useFollow";
import type { Editor } from "./useEditor";
import week from "./Week.module.css";
import classes from "./WeekGrid.module.css";
import { type Bar, dayMinutes, shiftDays } from "./week";

type Props = { bar: Bar; editor: Editor; erasing: boolean; grab: (event: PointerEvent, grip: Grip) => void; follow: Follow };

/** One bar as a real button: selected by a tap, moved by keys; its tail after six is the same button. */
export function Block({ bar, editor, erasing, grab, follow }: Props) {
  const { t } = useTranslation();
  const { reader } = useHome().words;
  const rule = editor.rules.find(({ id }) => id === bar.rule);
  if (!rule) return null;
  const { selection } = editor;
  const selected = selection?.rule === rule.id;
  const order = weekOf(reader.locale);
  const endDay = days[Math.floor(bar.to / dayMinutes) % 7] as Day;
  const label = t("hours.block", {
    rule: ruleName(rule, t),
    from: `${dayName(bar.day, reader)} ${wall(bar.from, reader)}`,
    to: `${dayName(endDay, reader)} ${wall(bar.to, reader)}`,
  });
  const remove = () => {
    follow("neighbour");
    editor.remove(rule.id, bar.day);
  };
  const choose = () => (erasing ? remove() : editor.select({ rule: rule.id, day: bar.day }));

  const keys = (event: KeyboardEvent) => {
    const quarter = event.key === "ArrowUp" ? -15 : event.key === "ArrowDown" ? 15 : 0;
    const day = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (event.key === "Delete" || event.key === "Backspace") remove();
    else if (quarter !== 0) {
      follow("selected");
      const start = event.shiftKey ? rule.start : rule.start + quarter;
      const end = event.altKey ? rule.end : rule.end + quarter;
      editor.put({ ...rule, start, end }, bar.day);
    } else if (day !== 0) {
      follow("selected");
      const [to] = shiftDays([bar.day], day);
      editor.put({ ...rule, days: shiftDays(rule.days, day) }, to);
    } else return;
    event.preventDefault();
  };

  const [first, ...tails] = segmentsOf(bar);
  if (!first) return null;
  const shared = { "data-selected": selected, "data-mine": selected && selection.day === bar.day };
  return (
    <>
      <button
        type="button"
        className={`${week.bar} ${classes.block}`}
        style={styleOf(first, order)}
        data-first
        data-last={first.last}
        {...shared}
        aria-pressed={selected}
        data-block
        onClick={choose}
        onKeyDown={keys}
        onPointerDown={(event) => (selected && !erasing ? grab(event, { kind: "move", rule }) : event.stopPropagation())}
      >
        <span className="unseen">{label}</span>
        <span className={week.fill} aria-hidden>
          {first.bottom - first.top >= 150 && (
            <span>
              {wall(bar.from, reader)}
              <br />
              {wall(bar.to, reader)}
            </span>
          )}
        </span>
      </button>
      {tails.map((tail) => (
        <div
          key={tail.column}
          className={`${week.bar} ${classes.block}`}
          style={styleOf(tail, order)}
          data-last={tail.last}
          {...shared}
          aria-hidden
          onClick={choose}
          onPointerDown={(event) => event.stopPropagation()}
        >
          <div className={week.fill} />
        </div>
      ))}
    </>
  );
}
