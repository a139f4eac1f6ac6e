import { useHome } from "../shell/HomeContext";
import { wall, weekOf } from "../time/words";
import { segmentsOf } from "./axis";
import { styleOf } from "./place";
import classes from "./Week.module.css";
import { barsOf, type Rule } from "./week";

/** Rules as bars to look at; `behind` are those of somebody else that hold here too. */
export function Bars({ rules, behind = false }: { rules: readonly Rule[]; behind?: boolean }) {
  const { reader } = useHome().words;
  const order = weekOf(reader.locale);
  return barsOf(rules)
    .flatMap(segmentsOf)
    .map((segment) => (
      <div
        key={`${segment.bar.rule}${segment.bar.day}${segment.column}`}
        className={classes.bar}
        style={styleOf(segment, order)}
        data-first={segment.first}
        data-last={segment.last}
        data-behind={behind}
      >
        <div className={classes.fill}>
          {segment.first && segment.bottom - segment.top >= 150 && !behind && (
            <span>
              {wall(segment.bar.from, reader)}
              <br />
              {wall(segment.bar.to, reader)}
            </span>
          )}
        </div>
      </div>
    ));
}
