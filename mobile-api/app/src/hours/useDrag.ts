import { type PointerEvent, type RefObject, useRef, useState } from "react";
import type { Day } from "../time/words";
import type { Spot } from "./axis";
import { dragged, type Grip, spotAt, stepOf } from "./gesture";
import type { Rule } from "./week";

/** A finger trembles: less than this is a tap. */
const tremble = 6;

type Drag = { grip: Grip; from: Spot; x: number; y: number; moved: boolean };
type Shown = { rule: Rule; x: number; y: number };

type Options = {
  field: RefObject<HTMLDivElement | null>;
  order: readonly Day[];
  drop: (rule: Rule, grip: Grip) => void;
  tap: (spot: Spot) => void;
};

/** One finger or the mouse on the week: what it would do is shown, and done when it lets go. */
export function useDrag({ field, order, drop, tap }: Options) {
  const drag = useRef<Drag | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);

  const frame = () => field.current?.getBoundingClientRect() ?? new DOMRect();
  const spot = (event: PointerEvent) => {
    const box = frame();
    return spotAt(event.clientX - box.left, event.clientY - box.top, box);
  };
  const result = (event: PointerEvent, { grip, from }: Drag) => dragged(grip, from, spot(event), { step: stepOf(frame()), order });

  return {
    shown,
    start: (event: PointerEvent, grip: Grip) => {
      if (event.button !== 0 || !event.isPrimary) return;
      event.stopPropagation();
      drag.current = { grip, from: spot(event), x: event.clientX, y: event.clientY, moved: false };
    },
    move: (event: PointerEvent) => {
      const current = drag.current;
      if (!current) return;
      if (!current.moved) {
        if (Math.hypot(event.clientX - current.x, event.clientY - current.y) < tremble) return;
        current.moved = true;
        field.current?.setPointerCapture(event.pointerId);
      }
      setShown({ rule: result(event, current), x: event.clientX, y: event.clientY });
    },
    end: (event: PointerEvent) => {
      const current = drag.current;
      drag.current = null;
      setShown(null);
      if (!current) return;
      if (current.moved) drop(result(event, current), current.grip);
      else if (current.grip.kind === "paint") tap(current.from);
    },
    cancel: () => {
      drag.current = null;
      setShown(null);
    },
  };
}
