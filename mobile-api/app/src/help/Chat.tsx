import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CaseMessage } from "../api/client";
import { moment } from "../time/words";
import classes from "./Chat.module.css";
import { eventWords, type Words } from "./words";

type Props = {
  said: readonly CaseMessage[];
  words: Words;
  /** Whose screen this is. */
  side: "customer" | "staff";
  /** Where a picture of this chat is. */
  picture: (id: string) => string;
  /** What stands on a line of staff among themselves. */
  secret?: string;
  /** What has happened, in this reader's words; "" says nothing. */
  event?: (message: CaseMessage) => string;
};

/** What was said, oldest first. New lines are read out by the browser, and the newest is in sight. */
export function Chat({ said, words, side, picture, secret = "", event = (message) => eventWords(message, words) }: Props) {
  const { t } = useTranslation();
  const end = useRef<HTMLLIElement>(null);
  const newest = said.at(-1)?.number;
  const before = useRef(newest);
  useEffect(() => {
    if (newest === before.current) return; // who opens the screen reads it from its top
    before.current = newest;
    end.current?.scrollIntoView({ block: "nearest" }); // it may answer a promise, which is no end of an effect
  }, [newest]);
  return (
    <div role="log" aria-label={t("help.says")}>
      <ol className={classes.chat}>
        {said.map((message) => {
          const time = moment(new Date(message.at), words.now, words.reader);
          if (message.from === "system") {
            const text = event(message);
            return text ? (
              <li key={message.number} className={classes.event}>
                {text} <small>{time}</small>
              </li>
            ) : null;
          }
          const own = message.from === side;
          return (
            <li key={message.number} className={classes.message} data-own={own && !message.private} data-private={message.private === true}>
              <small>
                {message.private && <strong>{secret} · </strong>}
                {own && side === "customer" ? t("help.you") : message.name} · {time}
              </small>
              {message.text && <p>{message.text}</p>}
              {message.picture && (
                <a href={picture(message.picture)} target="_blank" rel="noreferrer">
                  <img src={picture(message.picture)} alt={t("help.pictureOf", { name: message.name })} loading="lazy" />
                </a>
              )}
            </li>
          );
        })}
        <li ref={end} aria-hidden className={classes.end} />
      </ol>
    </div>
  );
}
