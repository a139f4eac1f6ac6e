import type { CSSProperties } from "react";
import { type Day, days } from "../time/words";
import type { Segment } from "./axis";
import { dayMinutes } from "./week";

/** Where a part of a bar stands in the picture, for a week that begins on the reader's day. */
export function styleOf({ column, top, bottom }: Pick<Segment, "column" | "top" | "bottom">, order: readonly Day[]): CSSProperties {
  const place = order.findIndex((day) => days.indexOf(day) === column);
  return {
    left: `${(place / 7) * 100}%`,
    width: `${100 / 7}%`,
    top: `${(top / dayMinutes) * 100}%`,
    height: `${((bottom - top) / dayMinutes) * 100}%`,
  };
}
