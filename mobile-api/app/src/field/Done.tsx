import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dateWords, type Reader } from "../time/words";
import { minutesBetween } from "./check";
import classes from "./Field.module.css";
import { Summary } from "./Summary";
import { useReader } from "./useReader";
import type { Slot } from "./visit";
import { useAtVisit } from "./VisitContext";

/** A visit that is over: what has come of it, and its report. */
export function Done() {
  const { t } = useTranslation("field");
  const { visit } = useAtVisit();
  const reader = useReader(visit.order.zone);
  const { absent } = visit;
  const words = absent
    ? t("absent.ended", { slot: slotWords(absent.slot, reader) })
    : visit.order.kind === "return"
      ? t("report.returned")
      : visit.serving
        ? t("report.inService", { minutes: minutesBetween(visit.scanned, visit.serving) })
        : t("report.finished");
  return (
    <main className={classes.body}>
      <h1>{t("step.report")}</h1>
      <p className={classes.verdict} data-tone={absent ? "open" : "good"} role="status">
        {words}
      </p>
      <Summary />
      {visit.state === "finished" && (
        <Button variant="default" size="lg" renderRoot={(props) => <a {...props} href={`/api/staff/visits/${visit.id}/report.pdf`} target="_blank" rel="noreferrer" />}>
          {t("report.pdf")}
        </Button>
      )}
      {visit.state === "finished" && (
        <Button variant="default" size="lg" renderRoot={(props) => <a {...props} href={`/api/staff/visits/${visit.id}/report`} download={`${visit.order.ref}.json`} />}>
          {t("report.json")}
        </Button>
      )}
      <Button size="lg" renderRoot={(props) => <Link {...props} to="/field" search={{ list: true }} />}>
        {t("report.next")}
      </Button>
    </main>
  );
}

function slotWords({ day, from, to }: Slot, reader: Reader): string {
  return `${dateWords(day, reader)} ${from}–${to}`;
}
