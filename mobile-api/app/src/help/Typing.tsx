import { useEffect, useRef, useState } from "react";
import classes from "./Chat.module.css";
import { hush, useTyping } from "./typing";

type Props = {
  id: string;
  /** The number of the newest message. */
  newest: number | undefined;
  /** "Julie is writing…" */
  text: string;
};

/** That the other side writes: seen while it lasts, read out once until their message is there. */
export function Typing({ id, newest = 0, text }: Props) {
  const typing = useTyping(id);
  const before = useRef(newest);
  useEffect(() => {
    if (before.current === newest) return;
    before.current = newest;
    hush(id); // what they wrote has come
  }, [id, newest]);
  const [told, setTold] = useState(-1);
  if (typing && told !== newest) setTold(newest);
  return (
    <>
      <p className={classes.typing} aria-hidden>
        {typing ? text : ""}
      </p>
      <span className="unseen" role="status">
        {told === newest ? text : ""}
      </span>
    </>
  );
}
