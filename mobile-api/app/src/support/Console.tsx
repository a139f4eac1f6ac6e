import { IconKeyboard } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema.gen";
import { useNow } from "../shell/useNow";
import { type Language, localeOf, moment } from "../time/words";
import { CasePane } from "./CasePane";
import { CaseTabs } from "./CaseTabs";
import classes from "./Console.module.css";
import { ConsoleContext } from "./ConsoleContext";
import { KeyList } from "./KeyList";
import type { Act } from "./keys";
import { neighbour, type Taking, tabsOf, wanted } from "./queue";
import { QueueList } from "./QueueList";
import { useKept } from "./useKept";
import { useKeys } from "./useKeys";
import { usePresence } from "./usePresence";
import type { Reports } from "./live";
import { useStaffLine } from "./useStaffLine";

type Props = {
  me: { id: string; name: string };
  queue: components["schemas"]["Queue"];
  /** Of when what is shown is, while nobody answers. */
  heard: Date | null;
};

/** The queue beside the case that is open, and the cases that one has as tabs above it. */
export function Console({ me, queue, heard }: Props) {
  const { t, i18n } = useTranslation("support");
  const { case: open = "" } = useSearch({ from: "/support" });
  const navigate = useNavigate();
  const now = useNow(5_000);
  const [typing, setTyping] = useState(false);
  const [taking, setTaking] = useKept<Taking>("carebox.support.takes", { languages: [], skills: [] });
  const [single, setSingle] = useKept("carebox.support.keys", true);
  const [list, setList] = useState(false);
  const [drafts] = useState(() => new Map<string, string>());
  const [sessions] = useState(() => new Map<string, string>());
  const [reports] = useState(() => new Map<string, Reports>());
  const [places] = useState(() => new Map<string, string>());
  const language = i18n.language as Language;
  const reader = { language, locale: localeOf(language), zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const rows = wanted(queue.cases, taking, me.id, open);
  const own = tabsOf(queue.cases, me.id);
  const show = (id: string) => void navigate({ to: "/support", search: id ? { case: id } : {} });
  useStaffLine();
  usePresence(open, typing, taking);
  useKeys(single, (act: Act, key: string) => {
    if (act === "keys") return setList(true);
    if (act === "tab") {
      const wished = own[Number(key) - 1];
      return wished && show(wished.id);
    }
    if (act === "reply" || act === "note" || act === "measure") return document.getElementById(`support-${act}`)?.focus();
    show(neighbour(rows, open, act === "next" ? 1 : -1));
  });
  const words = { t, reader, now };
  return (
    <ConsoleContext value={{ me, words, desks: queue.desks, drafts, sessions, reports, places, setTyping }}>
      <div className={classes.console} data-open={open !== ""}>
        <header className={classes.head}>
          <Link to="/support" search={{}} className={classes.brand}>
            <img src="/icon.svg" alt="" width={28} height={28} />
            <h1>{t("title")}</h1>
          </Link>
          <CaseTabs rows={own} open={open} />
          <Link to="/" className={classes.app}>
            {t("goHome")}
          </Link>
          <button type="button" className={classes.keys} aria-haspopup="dialog" onClick={() => setList(true)}>
            <IconKeyboard size={22} aria-hidden />
            <span className="unseen">{t("keys")}</span>
          </button>
        </header>
        {heard && (
          <p role="status" className={classes.away}>
            {t("away", { time: moment(heard, now, reader) })}
          </p>
        )}
        <QueueList rows={rows} open={open} taking={taking} setTaking={setTaking} />
        {open ? <CasePane key={open} id={open} /> : <main className={classes.none}>{t("choose")}</main>}
        <KeyList opened={list} close={() => setList(false)} on={single} turn={setSingle} />
      </div>
    </ConsoleContext>
  );
}
