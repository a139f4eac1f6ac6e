import classes from "./Face.module.css";

type Props = { id: string; name: string; size?: number };

/** A person's first letter on a colour of their own. Pure decoration: the name stands beside it. */
export function Face({ id, name, size = 44 }: Props) {
  let hash = 7;
  for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) % 997;
  return (
    <span className={classes.face} data-hue={hash % 7} style={{ width: size, height: size, fontSize: size * 0.44 }} aria-hidden>
      {[...name.trim()][0]?.toUpperCase() ?? "·"}
    </span>
  );
}
