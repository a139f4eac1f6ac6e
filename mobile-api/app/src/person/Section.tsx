import { type ReactNode, useId } from "react";
import classes from "./Section.module.css";

type Props = { title: string; hint?: string; action?: ReactNode; children: ReactNode };

/** A titled card of a screen. */
export function Section({ title, hint, action, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.section}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {hint && <p className={classes.hint}>{hint}</p>}
      {children}
    </section>
  );
}
