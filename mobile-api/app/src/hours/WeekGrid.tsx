import { IconPlus } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { dateOf, dayName, dayOf, dayRange, wall, weekOf } from "../time/words";
import { segmentsOf } from "./axis";
import { Bars } from "./Bars";
import { Block } from "./Block";
import { Columns } from "./Columns";
import { endsOf, tapped } from "./gesture";
import classes from "./WeekGrid.module.css";
import { styleOf } from "./place";
import { useDrag } from "./useDrag";
import { useFollow } from "./useFollow";
import type { Editor } from "./useEditor";
import week from "./Week.module.css";
import { barsOf, freshId, type Rule } from "./week";

type Props = { editor: Editor; behind: readonly Rule[]; erasing: boolean };

/** The week under a finger: it never scrolls, a drag paints, a tap makes or selects, nothing but the eraser deletes. */
export function WeekGrid({ editor, behind, erasing }: Props) {
  const { t } = useTranslation();
  const { reader, now } = useHome().words;
  const field = useRef<HTMLDivElement>(null);
  const order = weekOf(reader.locale);
  const today = dayOf(dateOf(now, reader.zone));
  const { rules, selection } = editor;
  const selected = rules.find(({ id }) => id === selection?.rule);

  const follow = useFollow(field);

  const drag = useDrag({
    field,
    order,
    drop: (rule, grip) => editor.put(grip.kind === "paint" ? { ...rule, id: freshId(rules) } : rule),
    tap: (spot) => editor.put(tapped(spot, order, rules), order[spot.column]),
  });
  const ends = selected && selection && endsOf(selected, selection.day);
  const range = drag.shown && dayRange(drag.shown.rule.days, reader);

  return (
    <div className={classes.grid}>
      <div className={week.heads}>
        <span />
        {order.map((day) => (
          <button
            key={day}
            type="button"
            className={classes.head}
            data-today={day === today}
            onClick={() => editor.put({ id: freshId(rules), name: "", days: [day], start: 17 * 60, end: 18 * 60 }, day)}
          >
            {dayName(day, reader, "short").replace(".", "")}
            <IconPlus size={14} aria-hidden />
            <span className="unseen">, {t("hours.addOn", { day: dayName(day, reader) })}</span>
          </button>
        ))}
      </div>
      <Columns>
        <div
          ref={field}
          role="group"
          aria-label={t("hours.grid")}
          tabIndex={-1}
          className={classes.surface}
          data-erasing={erasing}
          onPointerDown={(event) => !erasing && drag.start(event, { kind: "paint" })}
          onPointerMove={drag.move}
          onPointerUp={drag.end}
          onPointerCancel={drag.cancel}
        >
          <Bars rules={behind} behind />
          {order.flatMap((day) =>
            barsOf(rules)
              .filter((bar) => bar.day === day)
              .sort((a, b) => a.from - b.from)
              .map((bar) => (
                <Block key={bar.rule + bar.day} bar={bar} editor={editor} erasing={erasing} grab={drag.start} follow={follow} />
              )),
          )}
          {drag.shown &&
            barsOf([drag.shown.rule])
              .flatMap(segmentsOf)
              .map((segment) => (
                <div key={`${segment.bar.day}${segment.column}`} className={classes.ghost} style={styleOf(segment, order)} />
              ))}
          {selected && ends?.first && !erasing && (
            <div
              className={classes.handle}
              style={{ ...styleOf(ends.first, order), height: 44, marginTop: -44 }}
              onPointerDown={(event) => drag.start(event, { kind: "start", rule: selected })}
            />
          )}
          {selected && ends?.last && !erasing && (
            <div
              className={classes.handle}
              data-end
              style={{ ...styleOf({ ...ends.last, top: ends.last.bottom }, order), height: 44 }}
              onPointerDown={(event) => drag.start(event, { kind: "end", rule: selected })}
            />
          )}
        </div>
      </Columns>
      {drag.shown && (
        <div
          className={classes.bubble}
          style={{ left: Math.min(Math.max(drag.shown.x, 130), window.innerWidth - 130), top: Math.max(drag.shown.y - 92, 8) }}
          aria-hidden
        >
          {range || t("rule.everyDay")}
          <strong>
            {wall(drag.shown.rule.start, reader)}–{wall(drag.shown.rule.end, reader)}
          </strong>
        </div>
      )}
    </div>
  );
}
