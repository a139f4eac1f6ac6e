import { Button } from "@mantine/core";
import { IconPlayerRecord, IconPlayerStopFilled } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type SupportSession } from "../api/client";
import { supportQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import classes from "./Recording.module.css";
import { untilWords } from "./until";

/** Turns the recording of a visit on or off, and says what has become of it. */
function useSwitch(visit: SupportSession, name: string) {
  const { t } = useTranslation();
  const { id: home } = useHome();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const turn = async (body: { on: boolean; text?: string }) => {
    setBusy(true);
    setWrong("");
    try {
      await answer(api.PUT("/homes/{home}/support/{session}/recording", { params: { path: { home, session: visit.id } }, body }));
      announce(t(body.on ? "recording.began" : "recording.ended", { name }));
    } catch (error) {
      setWrong(whyNot(error as Error, t));
    }
    await client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
    setBusy(false);
  };
  return { busy, wrong, turn };
}

type Props = { visit: SupportSession; name: string };

/** That it is recorded, in the banner for as long as it is, and the end of it in one tap. */
export function Recorded({ visit, name, className }: Props & { className?: string | undefined }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const { busy, wrong, turn } = useSwitch(visit, name);
  const { on, until, full } = visit.recording;
  if (!on) return full ? <p className={classes.state}>{t("recording.full")}</p> : null;
  return (
    <div className={classes.state}>
      <span data-kept>{t("recording.on", { date: untilWords(until ?? visit.asked, words.reader, "short") })}</span>
      <Button
        className={className}
        loading={busy}
        leftSection={<IconPlayerStopFilled size={18} aria-hidden />}
        onClick={() => void turn({ on: false })}
      >
        {t("recording.stop")}
      </Button>
      {wrong && <span role="alert">{wrong}</span>}
    </div>
  );
}

/** The customer's switch beside what the agent sees: what would be kept, until when and for whom, before it is. */
export function RecordSwitch({ visit, name }: Props) {
  const { t } = useTranslation();
  const { words } = useHome();
  const { busy, wrong, turn } = useSwitch(visit, name);
  const { on, until, full } = visit.recording;
  const date = untilWords(until ?? visit.asked, words.reader);
  const line = t("recording.line", { date });
  const text = t("recording.lineText", { name });
  return (
    <section className={classes.ask} aria-label={t("recording.player")}>
      <p>
        <strong>{on ? t("recording.on", { date }) : full ? t("recording.full") : line}</strong>
      </p>
      <p>{text}</p>
      {wrong && <p role="alert">{wrong}</p>}
      {on && (
        <Button h={48} variant="default" loading={busy} onClick={() => void turn({ on: false })}>
          {t("recording.stop")}
        </Button>
      )}
      {!on && !full && (
        <Button
          h={48}
          variant="default"
          loading={busy}
          leftSection={<IconPlayerRecord size={18} aria-hidden />}
          onClick={() => void turn({ on: true, text: [line, text].join("\n") })}
        >
          {t("recording.keep")}
        </Button>
      )}
    </section>
  );
}
