import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Recording } from "../api/client";
import { meQuery } from "../api/query";
import { Dialog } from "../parts/Dialog";
import { sizeText } from "../recording/film";
import { untilWords } from "../recording/until";
import { moment } from "../time/words";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";
import { caseRecordingsQuery } from "./query";

const Replay = lazy(() => import("../recording/Replay"));

/** What the customer let be kept of their screen, for who has the case and those who answer for agents; and that it is gone. */
export function CaseRecordings({ id, mine }: { id: string; mine: boolean }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  const { data: me } = useQuery(meQuery);
  const over = me?.member.staff === "supervisor" || me?.member.staff === "admin";
  const { data } = useQuery({ ...caseRecordingsQuery(id), enabled: mine || over });
  const [shown, setShown] = useState<Recording | null>(null);
  const client = useQueryClient();
  if (!data || (data.list.length === 0 && data.gone.length === 0)) return null;
  const { reader, now } = words;
  const watch = async () => {
    const params = { path: { case: id, recording: shown?.id ?? "" } };
    const bytes = answer(api.POST("/staff/cases/{case}/recordings/{recording}/watch", { params, parseAs: "arrayBuffer" }));
    await bytes.catch(() => client.invalidateQueries({ queryKey: caseRecordingsQuery(id).queryKey }));
    return bytes;
  };
  return (
    <section className={classes.card} aria-label={t("recordings")}>
      <h3>{t("recordings")}</h3>
      {data.list.length > 0 && <p className={classes.quiet}>{t("recordingTold")}</p>}
      <ul>
        {data.list.map((one) => (
          <li key={one.id}>
            {t("recordingOf", { name: one.member.name, date: untilWords(one.begun, reader) })}
            {one.on && ` · ${t("recordingNow")}`}{" "}
            <small>{t("recordingKept", { date: untilWords(one.until, reader), size: sizeText(one.bytes, reader.locale) })}</small>{" "}
            {one.full && <small>{t("recordedFull")}</small>}{" "}
            <Button size="sm" variant="default" onClick={() => setShown(one)}>
              {t("recordingWatch")}
            </Button>
          </li>
        ))}
        {data.gone.map(({ at, expired }) => (
          <li key={at}>{t(expired ? "recordingExpired" : "recordingDeleted", { time: moment(new Date(at), now, reader) })}</li>
        ))}
      </ul>
      {shown && (
        <Dialog
          name={null}
          close={() => setShown(null)}
          size="xl"
          title={t("recordingOf", { name: shown.member.name, date: untilWords(shown.begun, reader) })}
        >
          <Suspense>
            <Replay reader={reader} load={watch} />
          </Suspense>
        </Dialog>
      )}
    </section>
  );
}
