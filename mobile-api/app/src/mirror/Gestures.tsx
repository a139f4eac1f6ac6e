import { useEffect, useRef } from "react";
import classes from "./Mirror.module.css";
import type { Shape } from "./message";

/** Something that an agent does on the screen: at a place in an element, until a time. */
export type Place = {
  id: string;
  kind: "point" | "mark";
  shape: Shape;
  element: Element;
  fx: number;
  fy: number;
  until: number;
};

type Props = { places: Place[]; name: string; sweep: () => void };

/** The agent's pointer and marks. They follow their elements, take no touch, and go by themselves. */
export function Gestures({ places, name, sweep }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (places.length === 0) return;
    let frame = 0;
    const draw = () => {
      const shown = layer.current?.children ?? [];
      places.forEach((place, i) => lay(shown[i], place));
      sweep();
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [places, sweep]);
  return (
    <div ref={layer} aria-hidden className={classes.layer}>
      {places.map(({ id, kind, shape }) => (
        <div key={id} className={kind === "point" ? classes.pointer : classes.mark} data-shape={kind === "mark" ? shape : undefined}>
          {kind === "point" && <span>{name}</span>}
        </div>
      ))}
    </div>
  );
}

function lay(drawn: Element | undefined, { kind, shape, element, fx, fy }: Place) {
  if (!(drawn instanceof HTMLElement)) return;
  const rect = element.getBoundingClientRect();
  drawn.style.visibility = element.isConnected && rect.width > 0 ? "visible" : "hidden";
  const around = kind === "mark" && shape === "ring";
  const [x, y] = around ? [rect.left - 6, rect.top - 6] : [rect.left + rect.width * fx, rect.top + rect.height * fy];
  drawn.style.transform = `translate(${String(Math.round(x))}px, ${String(Math.round(y))}px)`;
  if (around) {
    drawn.style.width = `${String(Math.round(rect.width + 12))}px`;
    drawn.style.height = `${String(Math.round(rect.height + 12))}px`;
  }
}
