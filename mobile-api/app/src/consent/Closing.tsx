import { Button, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type SupportReceipt, type SupportSession } from "../api/client";
import { casesQuery, receiptQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { Recordings } from "../recording/Recordings";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { Changes } from "./Changes";
import { isOfMembers } from "./proposal";
import { Seen } from "./Seen";
import classes from "./Visit.module.css";
import { nameOf, scopes } from "./visit";

type Props = {
  visit: SupportSession;
  /** It is read again: nothing is asked any more. */
  past?: boolean;
  close: () => void;
};

/** The receipt: when and by whom it ended, what could be done and was, what comes next; and whether it helped. */
export default function Closing({ visit, past = false, close }: Props) {
  const { t } = useTranslation();
  const { id: home, decides, me } = useHome();
  const { data, isError, refetch } = useQuery({ ...receiptQuery(home, visit.id), enabled: decides });
  const { data: cases } = useQuery(casesQuery(home));
  const name = nameOf(visit.staff.name, t);
  const placed = data?.lines.filter(isOfMembers).length ?? 0;
  const measured = data?.lines.filter(({ verb }) => verb === "query").length ?? 0;
  return (
    <Dialog name="visitEnded" close={close} title={t("consent.ended")}>
      <Stack>
        <p className={classes.plain}>{useEndWords(visit, data)}</p>
        <div>
          <p className={classes.plain}>{t("consent.could", { name, minutes: visit.minutes })}</p>
          <ul>
            {scopes.filter((scope) => visit.scopes.includes(scope)).map((scope) => (
              <li key={scope}>{t(`consent.could_${scope}`)}</li>
            ))}
          </ul>
        </div>
        {!data && isError && (
          <Button variant="default" onClick={() => void refetch()}>
            {t("app.again")}
          </Button>
        )}
        {data && visit.scopes.includes("see") && <Seen receipt={data} />}
        {data && (
          <p className={classes.plain}>
            {t("consent.didMeasure", { count: measured })}{" "}
            {(placed === 0 || data.changes.length > 0) && t("consent.didChange", { count: data.changes.length })}{" "}
            {placed > 0 && t("consent.didMembers", { count: placed })}
          </p>
        )}
        {data?.summary && <p className={classes.plain}>{t("consent.summary", { name, text: data.summary })}</p>}
        {visit.scopes.includes("see") && visit.customer.id === me.member.id && (
          <Recordings kase={visit.case} empty={<p className={classes.plain}>{t("recording.none")}</p>} />
        )}
        {decides && <Changes visit={visit} />}
        {decides && !past && cases?.some(({ id }) => id === visit.case) && <Judge visit={visit} close={close} />}
      </Stack>
    </Dialog>
  );
}

function useEndWords(visit: SupportSession, receipt: SupportReceipt | undefined): string {
  const { t } = useTranslation();
  const { me, words } = useHome();
  const by = visit.endedBy || "deadline";
  if (by === "replaced") return ""; // goes on, and is not told as an end
  const time = visit.ended ? moment(new Date(visit.ended), words.now, words.reader) : "";
  const ender = receipt?.lines.findLast(({ verb }) => verb === "support-ended")?.actor;
  const who = by === "customer" ? (ender ?? visit.customer) : visit.staff;
  const mine = by === "customer" && who.id === me.member.id;
  return t(mine ? "consent.endedBy_you" : `consent.endedBy_${by}`, { time, name: nameOf(who.name, t) });
}

/** Was it solved? A yes closes the case; with a no it goes on where it is written. */
function Judge({ visit, close }: Pick<Props, "visit" | "close">) {
  const { t } = useTranslation();
  const { id: home } = useHome();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const yes = async () => {
    setBusy(true);
    setWrong("");
    try {
      const params = { path: { home, case: visit.case } };
      await answer(api.POST("/homes/{home}/cases/{case}/close", { params, body: { solved: true } }));
      await client.invalidateQueries({ queryKey: casesQuery(home).queryKey });
      close();
    } catch (error) {
      setWrong(whyNot(error as Error, t));
    }
    setBusy(false);
  };
  const no = () => {
    close();
    void navigate({ to: "/help/case/$case", params: { case: visit.case } });
  };
  return (
    <div>
      <p className={classes.plain}>{t("consent.solved")}</p>
      <div className={classes.equal}>
        <Button variant="default" loading={busy} onClick={() => void yes()}>
          {t("consent.yes")}
        </Button>
        <Button variant="default" onClick={no}>
          {t("consent.no")}
        </Button>
      </div>
      <p className={classes.small}>{t("consent.goesOn")}</p>
      {wrong && <p role="alert">{wrong}</p>}
    </div>
  );
}
