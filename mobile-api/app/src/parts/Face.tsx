import { useHome } from "../shell/HomeContext";
import classes from "./Face.module.css";

type Props = { id: string; name: string; size?: number };
const hues = 7;

/** A person's first letter on a colour that neighbours don't have. Pure decoration: the name stands beside it. */
export function Face({ id, name, size = 44 }: Props) {
  const place = (useHome().state.policy.people ?? []).findIndex((person) => person.id === id);
  return (
    <span className={classes.face} data-hue={(place + 1) % hues} style={{ width: size, height: size, fontSize: size * 0.44 }} aria-hidden>
      {[...name.trim()][0]?.toUpperCase() ?? "·"}
    </span>
  );
}
