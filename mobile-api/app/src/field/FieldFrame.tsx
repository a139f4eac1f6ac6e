import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { meQuery } from "../api/query";
import { Waiting } from "../shell/Waiting";
import { loadFieldWords } from "../i18n/i18n";
import type { Language } from "../time/words";
import { entrancesOf } from "../shell/entrance";
import { sendItem } from "./api";
import { type Field, FieldContext } from "./FieldContext";
import classes from "./Field.module.css";
import type { Item } from "./item";
import { NotYours, NothingKept } from "./Dead";
import { Outbox } from "./outbox";
import { Store } from "./store";
import { useDaylight } from "./daylight";
import { putVisit } from "./useVisit";

/** The entrance for technicians: what it keeps, what it sends, and its own light. */
export function FieldFrame() {
  const { data: me } = useQuery(meQuery);
  const ready = useFieldWords();
  const { field, failed } = useOpened(me);
  useDaylight();
  if (!me || !ready) return <Waiting />;
  if (!entrancesOf(me).includes("field")) return <NotYours />;
  if (failed) return <NothingKept />;
  if (!field) return <Waiting />;
  return (
    <FieldContext value={field}>
      <div className={classes.page}>
        <Outlet />
      </div>
    </FieldContext>
  );
}

function useFieldWords(): boolean {
  const { i18n } = useTranslation();
  const language = i18n.language as Language;
  const [loaded, setLoaded] = useState<Language | null>(null);
  useEffect(() => {
    let gone = false;
    void loadFieldWords(language).then(() => {
      if (!gone) setLoaded(language);
    });
    return () => {
      gone = true;
    };
  }, [language]);
  return loaded === language;
}

function useOpened(me: Me | undefined): { field: Field | null; failed: boolean } {
  const client = useQueryClient();
  const [field, setField] = useState<Field | null>(null);
  const [failed, setFailed] = useState(false);
  const member = me?.member.id;
  useEffect(() => {
    if (!member) return;
    let close = () => {};
    let gone = false;
    const opened = (store: Store) => {
      if (gone) return store.close();
      const outbox = new Outbox({ store, member, send: (item) => send(item, store, client) });
      close = listen(outbox, store);
      const known = client.getQueryData(meQuery.queryKey);
      if (known) void store.keepMe(known);
      setField({ member, store, outbox });
    };
    void Store.open().then(opened, () => setFailed(true));
    return () => {
      gone = true;
      close();
    };
  }, [member, client]);
  return { field: field?.member === member ? field : null, failed };
}

/** Tries again as soon as the phone believes to have a network, or is looked at. */
function listen(outbox: Outbox, store: Store): () => void {
  void outbox.start();
  const look = () => {
    if (!document.hidden) outbox.wake();
  };
  window.addEventListener("online", outbox.wake);
  document.addEventListener("visibilitychange", look);
  return () => {
    window.removeEventListener("online", outbox.wake);
    document.removeEventListener("visibilitychange", look);
    outbox.stop();
    void outbox.idle().then(() => store.close());
  };
}

async function send(item: Item, store: Store, client: QueryClient): Promise<void> {
  const told = await sendItem(item);
  await putVisit({ client, store, member: item.member }, item, told);
}
