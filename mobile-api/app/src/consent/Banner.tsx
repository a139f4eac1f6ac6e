import { Button } from "@mantine/core";
import { IconEye, IconPlayerStop, IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type SupportSession } from "../api/client";
import { supportQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Face } from "../parts/Face";
import { Recorded } from "../recording/RecordSwitch";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { useNow } from "../shell/useNow";
import classes from "./Visit.module.css";
import { doesWords, leftOf, leftWords, nameOf } from "./visit";

export { default as Stopped } from "./Stopped"; // what takes its place is there with it, also without a network

const warned = 120; // seconds before the end
const extension = 10; // minutes

type Props = { visit: SupportSession; heard: Date; stop: () => void; look?: (() => void) | undefined };

/** Who is there, what they may do, how long: on top of every screen as long as it goes on. Stop asks nothing back. */
export default function Banner({ visit, heard, stop, look }: Props) {
  const { t } = useTranslation();
  const { line, words, decides } = useHome();
  const now = useNow(1_000);
  const left = leftOf(visit, heard, now);
  const name = nameOf(visit.staff.name, t);
  const what = doesWords(visit, t, words.reader.locale);
  const soon = left > 0 && left <= warned;
  const gives = look !== undefined || !visit.scopes.includes("see"); // who gives time is whose screens are seen from then on
  const told = useRef("");
  useEffect(() => {
    const text = soon ? t("consent.soon", { name }) : t("consent.begun", { what });
    if (told.current === text) return;
    told.current = text;
    announce(text);
  }, [soon, name, what, t]);
  if (left === 0) return null; // over by the one clock that counts; the cloud says the rest
  return (
    <section className={classes.banner} data-visit aria-label={t("consent.banner")}>
      <Face id={visit.staff.id} name={name} size={36} />
      <p>
        <span>{what}</span> <strong>· {leftWords(left, t)}</strong>
        {(line === "offline" || line === "away") && <small>{t("consent.lost", { name })}</small>}
      </p>
      {look && (
        <Button className={classes.more} leftSection={<IconEye size={18} aria-hidden />} onClick={look}>
          {t("mirror.look", { name })}
        </Button>
      )}
      {decides && (
        <div className={classes.acts}>
          {soon && gives && <MoreTime visit={visit} name={name} />}
          <Button className={classes.stop} leftSection={<IconPlayerStop size={20} aria-hidden />} onClick={stop}>
            {t("consent.stop")}
          </Button>
        </div>
      )}
      {look && <Recorded visit={visit} name={name} className={classes.more} />}
    </section>
  );
}

/** Ten minutes more, which are the customer's to give. */
function MoreTime({ visit, name }: { visit: SupportSession; name: string }) {
  const { t } = useTranslation();
  const { id: home } = useHome();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const give = async () => {
    setBusy(true);
    setWrong("");
    const goesOn = visit.recording.on ? ` ${t("recording.goesOn")}` : "";
    const body = { minutes: extension, text: t("consent.extendText", { name }) + goesOn };
    try {
      await answer(api.POST("/homes/{home}/support/{session}/extend", { params: { path: { home, session: visit.id } }, body }));
    } catch (error) {
      setWrong(whyNot(error as Error, t));
    }
    await client.invalidateQueries({ queryKey: supportQuery(home).queryKey });
    setBusy(false);
  };
  return (
    <>
      {wrong && <small role="alert">{wrong}</small>}
      <Button className={classes.more} loading={busy} leftSection={<IconPlus size={18} aria-hidden />} onClick={() => void give()}>
        {t("consent.moreTime")}
      </Button>
    </>
  );
}
