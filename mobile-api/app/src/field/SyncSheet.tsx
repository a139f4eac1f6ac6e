import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { moment } from "../time/words";
import { useField } from "./FieldContext";
import classes from "./Field.module.css";
import { countKinds, type Item } from "./item";
import { refusalWords } from "./refused";
import { useOutgoing } from "./useOutgoing";
import { useReader } from "./useReader";
import { Sheet } from "./Sheet";

/** Everything that is not with the server yet, by name; what it refused, with the reason. */
export function SyncSheet({ close }: { close: () => void }) {
  const { t } = useTranslation("field");
  const reader = useReader();
  const { outbox } = useField();
  const { items, halt } = useOutgoing();
  const list = new Intl.ListFormat(reader.locale, { type: "conjunction" });
  const waiting = items.filter((item) => !item.refused);
  const kinds = list.format(countKinds(waiting).map(({ kind, count }) => t(`count.${kind}`, { count })));
  return (
    <Sheet title={t("sync.title")} close={close}>
      <Stack>
        {items.length === 0 && <Text>{t("sync.none")}</Text>}
        {waiting.length > 0 && <Text>{t("sync.pending", { count: waiting.length, kinds })}</Text>}
        {halt === "signed-out" && (
          <>
            <p className={classes.note} data-tone="bad">
              {t("sync.signedOut")}
            </p>
            <Button renderRoot={(props) => <Link to="/sign-in" {...props} />}>{t("sync.signIn")}</Button>
          </>
        )}
        {halt === "second-factor" && (
          <p className={classes.note} data-tone="bad">
            {t("sync.secondFactor")}
          </p>
        )}
        <ul className={classes.list}>
          {items.map((item) => (
            <Waiting key={item.order} item={item} />
          ))}
        </ul>
        {waiting.length > 0 && (
          <Button variant="default" onClick={() => outbox.wake()}>
            {t("sync.now")}
          </Button>
        )}
      </Stack>
    </Sheet>
  );
}

function Waiting({ item }: { item: Item }) {
  const { t } = useTranslation("field");
  const { t: tell } = useTranslation();
  const { outbox } = useField();
  const reader = useReader();
  const [asked, setAsked] = useState(false);
  return (
    <li className={classes.card}>
      <div>
        <strong>{nameOf(item, t)}</strong>
        <div className={classes.quiet}>{t("sync.done", { time: moment(new Date(item.at), new Date(), reader) })}</div>
      </div>
      {item.refused && (
        <>
          <p className={classes.bad}>{t("sync.why", { reason: refusalWords(item.refused, t, tell) })}</p>
          {asked && <p>{t("sync.discardAsk")}</p>}
          <div className={classes.pair}>
            <Button variant="default" onClick={() => void outbox.retry(item)}>
              {t("sync.retry")}
            </Button>
            <Button variant="default" color="red" onClick={() => (asked ? void outbox.discard(item) : setAsked(true))}>
              {t(asked ? "sync.discardYes" : "sync.discard")}
            </Button>
          </div>
        </>
      )}
    </li>
  );
}

/** What was done, as the technician knows it. */
export function nameOf(item: Item, t: TFunction<"field">): string {
  switch (item.kind) {
    case "way":
    case "measure":
    case "tv":
    case "arrive":
    case "absent":
      return t(`kind.${item.kind}`);
    case "bind":
    case "swap":
    case "collect":
      return t(`kind.${item.kind}`, { what: item.told.box.toUpperCase() });
    case "decide":
      return t("kind.decide", { what: checkName(item.told.item, t) });
    case "room":
      return t("kind.room", { what: item.told.room.name });
    case "note":
      return t("kind.note", { what: short(item.told.text) });
    case "photo":
      return t("kind.photo", { what: t(`photo.${item.told.kind}`) });
    case "sign":
      return t("kind.sign", { what: item.told.name });
  }
}

const longest = 40;

const short = (text: string): string => ([...text].length > longest ? `${[...text].slice(0, longest - 1).join("").trimEnd()}…` : text);

/** What a check is called; one that this version does not know, by the server's own word. */
export function checkName(name: string, t: TFunction<"field">): string {
  return t(`check.${name}` as "check.wan", { defaultValue: name });
}
