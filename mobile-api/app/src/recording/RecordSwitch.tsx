import { Button } from "@mantine/core";
import { IconPlayerRecord, IconPlayerStopFilled } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type SupportSession } from "../api/client";
import { supportQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import classes from "./Recording.module.css";
import { untilWords } from "./until";

type Props = { visit: SupportSession; name: string; className?: string | undefined };

/** The customer's switch while they are seen: off in one tap, on after they have read what is kept, until when and for whom. */
export function RecordSwitch({ visit, name, className }: Props) {
  const { t } = useTranslation();
  const { id: home, words } = useHome();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const { on, until = "", full } = visit.recording;
  const line = t("recording.line", { date: untilWords(until || visit.asked, words.reader) });
  const text = t("recording.lineText", { name });
  const turn = async (to: boolean) => {
    setBusy(true);
    setWrong("");
    const params = { path: { home, session: visit.id } };
    const body = to ? { on: true, text: [line, text].join("\n") } : { on: false };
    try {
      await answer(api.PUT("/homes/{home}/support/{session}/recording", { params, body }));
      announce(t(to ? "recording.began" : "recording.ended", { name }));
      setAsking(false);
    } catch (error) {
      const why = whyNot(error as Error, t);
      if (to) setWrong(why);
      else announce(why);
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
  };
  if (on) {
    return (
      <Button
        className={className}
        loading={busy}
        leftSection={<IconPlayerStopFilled size={18} aria-hidden />}
        onClick={() => void turn(false)}
      >
        {t("recording.stop")}
      </Button>
    );
  }
  if (full) return null; // the banner says so: it is deleted where recordings are
  return (
    <>
      <Button className={className} leftSection={<IconPlayerRecord size={18} aria-hidden />} onClick={() => setAsking(true)}>
        {t("recording.start")}
      </Button>
      {asking && (
        <Dialog name="record" close={() => setAsking(false)} title={t("recording.ask")}>
          <div className={classes.ask}>
            <p>
              <strong>{line}</strong>
            </p>
            <p>{text}</p>
            {wrong && <p role="alert">{wrong}</p>}
            <div className={classes.acts}>
              <Button h={48} variant="default" loading={busy} onClick={() => void turn(true)}>
                {t("recording.keep")}
              </Button>
              <Button h={48} variant="default" disabled={busy} onClick={() => setAsking(false)}>
                {t("consent.notNow")}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
