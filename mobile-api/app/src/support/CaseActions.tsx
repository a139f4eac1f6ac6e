import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type StaffCase } from "../api/client";
import { whyNot } from "../change/failure";
import { clock, moment } from "../time/words";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";
import { HandOverDialog } from "./HandOverDialog";
import { PromiseDialog } from "./PromiseDialog";
import { WrapUpDialog } from "./WrapUpDialog";

type Props = { data: StaffCase; mine: boolean; after: () => Promise<void> };

/** What can be done with the case now; what cannot is not there. */
export function CaseActions({ data, mine, after }: Props) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const { me, words } = useConsole();
  const [open, setOpen] = useState<"hand-over" | "promise" | "wrap-up" | null>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const { case: one, offer } = data;
  const params = { path: { case: one.id } };
  const act = async (call: () => Promise<unknown>) => {
    setBusy(true);
    setWrong("");
    try {
      await call();
    } catch (error) {
      setWrong(whyNot(error as Error, tell));
    }
    await after();
    setBusy(false);
  };
  const close = () => setOpen(null);
  const toMe = offer?.to.id === me.id;
  return (
    <div className={classes.actions}>
      {offer && (toMe || mine) && (
        <p className={classes.offer} role="status">
          {toMe ? t("offered", { name: offer.from.name }) : t("offering", { name: offer.to.name, time: clock(new Date(offer.expires), words.reader) })}{" "}
          {toMe && t("offerWhy", { reason: offer.reason, tried: offer.tried })}
        </p>
      )}
      {mine && one.callback && (
        <p className={classes.offer}>{t("callAt", { time: moment(new Date(one.callback.at), words.now, words.reader), phone: one.callback.phone })}</p>
      )}
      <Group gap="xs">
        {(one.state === "waiting" || one.state === "promised") && (
          <Button loading={busy} onClick={() => void act(() => answer(api.POST("/staff/cases/{case}/take", { params })))}>
            {t("take")}
          </Button>
        )}
        {toMe && (
          <Button loading={busy} onClick={() => void act(() => answer(api.POST("/staff/cases/{case}/handover/accept", { params })))}>
            {t("accept")}
          </Button>
        )}
        {offer && (toMe || mine) && (
          <Button variant="default" loading={busy} onClick={() => void act(() => answer(api.POST("/staff/cases/{case}/handover/decline", { params })))}>
            {t(toMe ? "decline" : "withdraw")}
          </Button>
        )}
        {mine && !offer && (
          <Button variant="default" onClick={() => setOpen("hand-over")}>
            {t("handOver")}
          </Button>
        )}
        {mine && one.callback && (
          <Button loading={busy} onClick={() => void act(() => answer(api.POST("/staff/cases/{case}/called", { params })))}>
            {t("called")}
          </Button>
        )}
        {mine && (
          <>
            <Button variant="default" onClick={() => setOpen("promise")}>
              {t("promise")}
            </Button>
            <Button variant="default" onClick={() => setOpen("wrap-up")}>
              {t("wrapUp")}
            </Button>
          </>
        )}
      </Group>
      <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>
      {open === "hand-over" && <HandOverDialog id={one.id} close={close} after={after} />}
      {open === "promise" && <PromiseDialog id={one.id} close={close} after={after} />}
      {open === "wrap-up" && <WrapUpDialog id={one.id} close={close} after={after} />}
    </div>
  );
}
