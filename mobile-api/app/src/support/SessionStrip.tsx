import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type SupportSession } from "../api/client";
import { whyNot } from "../change/failure";
import { leftOf, type Scope, scopes } from "../consent/visit";
import { untilWords } from "../recording/until";
import { useNow } from "../shell/useNow";
import { AskSession } from "./AskSession";
import { useConsole } from "./ConsoleContext";
import classes from "./Session.module.css";
import { allows, leftWords, overWords, sinceWords } from "./session";
import type { CaseSession } from "./useSession";

type Props = { kase: string; own: CaseSession; wanted: Scope | null; ask: (scope: Scope | null) => void; after: () => Promise<void> };

/** What the customer allows, how long still, and what can be asked for: always in sight. */
export function SessionStrip({ kase, own, wanted, ask, after }: Props) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const { session, asked, heard } = own;
  const live = session?.state === "active";
  const waits = asked ?? (session?.state === "asked" ? session : undefined);
  const end = async (one: SupportSession) => {
    setBusy(true);
    setWrong("");
    try {
      await answer(api.POST("/staff/sessions/{session}/end", { params: { path: { session: one.id } } }));
    } catch (error) {
      setWrong(whyNot(error as Error, tell));
    }
    await after();
    setBusy(false);
  };
  const close = () => {
    setAsking(false);
    ask(null);
  };
  return (
    <section className={classes.strip} data-live={live} aria-label={t("session")}>
      <ul className={classes.lamps}>
        {scopes.map((scope) => (
          <li key={scope} data-lit={allows(session, scope)}>
            {t(`scope_${scope}`)} <span className="unseen">{t(allows(session, scope) ? "lit" : "unlit")}</span>
          </li>
        ))}
      </ul>
      {live && <Left session={session} heard={heard} />}
      {live && <Recorded session={session} />}
      <div className={classes.acts}>
        {!waits && (
          <Button size="sm" variant={live ? "default" : "filled"} onClick={() => setAsking(true)}>
            {t(live ? "askMore" : "askSession")}
          </Button>
        )}
        {waits && (
          <Button size="sm" variant="default" loading={busy} onClick={() => void end(waits)}>
            {t("takeBack")}
          </Button>
        )}
        {live && (
          <Button size="sm" color="red" variant="outline" loading={busy} onClick={() => void end(session)}>
            {t("endSession")}
          </Button>
        )}
      </div>
      <p role="status" className={classes.said}>
        {waits ? <Waits at={waits.asked} /> : session && !live ? <Over session={session} /> : ""}
      </p>
      <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>
      {(asking || wanted) && (
        <AskSession id={kase} granted={live ? session.scopes : []} wanted={wanted ? [wanted] : live ? [] : ["see", "diagnose"]} close={close} after={after} />
      )}
    </section>
  );
}

function Left({ session, heard }: { session: SupportSession; heard: Date }) {
  const { t } = useTranslation("support");
  const now = useNow(1_000);
  return <p className={classes.left}>{t("left", { time: leftWords(leftOf(session, heard, now)) })}</p>;
}

/** What the agent does is kept, because the customer wants it: as clear to them as to the customer. */
function Recorded({ session: { recording } }: { session: SupportSession }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  if (recording.on && recording.until) {
    return (
      <p role="status" className={classes.recorded}>
        {t("recorded", { date: untilWords(recording.until, words.reader) })}
      </p>
    );
  }
  return recording.full ? <p role="status">{t("recordedFull")}</p> : null;
}

function Waits({ at }: { at: string }) {
  const { t } = useTranslation("support");
  const now = useNow(1_000);
  return <span aria-live="off">{t("consentWaiting", { time: sinceWords(at, now) })}</span>;
}

function Over({ session }: { session: SupportSession }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  return <strong>{overWords(session, t, words.reader)}</strong>;
}
