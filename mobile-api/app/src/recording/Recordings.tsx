import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Recording } from "../api/client";
import { recordingsQuery, supportQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { Section } from "../person/Section";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { sizeText } from "./film";
import classes from "./Recording.module.css";
import { untilWords } from "./until";

const Replay = lazy(() => import("./Replay"));

/** All that a member lets be kept of their screens, among the settings. */
export function RecordingsSection() {
  const { t } = useTranslation();
  const { id: home, decides } = useHome();
  const { data = [] } = useQuery(recordingsQuery(home));
  if (!decides && data.length === 0) return null; // a child is never asked
  return (
    <Section title={t("recording.title")} hint={t("recording.lead")}>
      <Recordings empty={<p>{t("recording.none")}</p>} />
    </Section>
  );
}

/** What is kept of a case, where its customer reads it; nothing where nothing is. */
export function CaseRecordings({ kase }: { kase: string }) {
  const { t } = useTranslation();
  const { id: home } = useHome();
  const { data = [] } = useQuery(recordingsQuery(home));
  if (!data.some((one) => one.case === kase)) return null;
  return (
    <Section title={t("recording.title")} hint={t("recording.lead")}>
      <Recordings kase={kase} />
    </Section>
  );
}

/** One's own recordings, of a case or all: each can be seen again, and deleted. */
export function Recordings({ kase, empty }: { kase?: string; empty?: ReactNode }) {
  const { id: home } = useHome();
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(recordingsQuery(home));
  if (!data) {
    if (!error) return <p>{t("app.loading")}</p>;
    return (
      <Button variant="default" onClick={() => void refetch()}>
        {t("app.again")}
      </Button>
    );
  }
  const list = kase === undefined ? data : data.filter((one) => one.case === kase);
  if (list.length === 0) return empty;
  return (
    <ul className={classes.list}>
      {list.map((one) => (
        <Row key={one.id} recording={one} />
      ))}
    </ul>
  );
}

function Row({ recording }: { recording: Recording }) {
  const { t } = useTranslation();
  const { id: home, words, line } = useHome();
  const [watching, setWatching] = useState(false);
  const narrow = useMediaQuery("(max-width: 720px)", true, { getInitialValueInEffect: false });
  const { reader } = words;
  const params = { path: { home, recording: recording.id } };
  const date = untilWords(recording.begun, reader);
  const far = t("recording.until", { date: untilWords(recording.until, reader), size: sizeText(recording.bytes, reader.locale) });
  const locked = line === "offline" || line === "away";
  return (
    <li>
      <p>
        {t("recording.of", { date })}
        {recording.on && ` · ${t("recording.growing")}`}
        <small>{far}</small>
        {recording.full && <small>{t("recording.full")}</small>}
      </p>
      <div className={classes.acts}>
        <Button variant="default" h={44} leftSection={<IconPlayerPlay size={18} aria-hidden />} disabled={locked} onClick={() => setWatching(true)}>
          {t("recording.watch")}
        </Button>
        <Delete id={recording.id} locked={locked} />
      </div>
      {watching && (
        <Dialog name="recording" close={() => setWatching(false)} fullScreen={narrow} size="xl" title={t("recording.player")}>
          <Suspense>
            <Replay
              reader={reader}
              load={() => answer(api.GET("/homes/{home}/recordings/{recording}", { params, parseAs: "arrayBuffer" }))}
            />
          </Suspense>
        </Dialog>
      )}
    </li>
  );
}

/** It cannot be taken back, so it is asked once. */
function Delete({ id, locked }: { id: string; locked: boolean }) {
  const { t } = useTranslation();
  const { id: home } = useHome();
  const client = useQueryClient();
  const [sure, setSure] = useState<boolean | null>(null); // null: not asked for yet
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const drop = async () => {
    setBusy(true);
    setWrong("");
    try {
      await answer(api.DELETE("/homes/{home}/recordings/{recording}", { params: { path: { home, recording: id } } }));
      announce(t("recording.deleted"));
    } catch (error) {
      setWrong(whyNot(error as Error, t));
    }
    await client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
    setBusy(false);
  };
  if (!sure) {
    return (
      <Button
        variant="default"
        h={44}
        autoFocus={sure === false}
        leftSection={<IconTrash size={18} aria-hidden />}
        disabled={locked}
        onClick={() => setSure(true)}
      >
        {t("recording.delete")}
      </Button>
    );
  }
  return (
    <>
      <span>{t("recording.deleteSure")}</span>
      <Button variant="default" c="var(--problem)" h={44} loading={busy} onClick={() => void drop()}>
        {t("recording.deleteYes")}
      </Button>
      <Button variant="default" h={44} autoFocus disabled={busy} onClick={() => setSure(false)}>
        {t("recording.deleteNo")}
      </Button>
      {wrong && <span role="alert">{wrong}</span>}
    </>
  );
}
