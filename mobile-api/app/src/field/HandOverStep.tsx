import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@mantine/core";
import { moment } from "../time/words";
import { invite } from "./api";
import classes from "./Field.module.css";
import { failureWords } from "./refused";
import { StepFrame } from "./StepFrame";
import { useReader } from "./useReader";
import { useAtVisit } from "./VisitContext";

/** The customer becomes the first member by a code on this screen, and sets the Wi-Fi up: its key is theirs alone. */
export function HandOverStep() {
  const { t } = useTranslation("field");
  const { t: tell } = useTranslation();
  const { visit, items, heard } = useAtVisit();
  const reader = useReader(visit.order.zone);
  const [made, setMade] = useState<{ url: string; expires: string } | null>(null);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    setError("");
    try {
      const { invitation, visit: news } = await invite(visit.id);
      if (invitation) setMade(invitation);
      heard(news);
    } catch (caught) {
      setError(failureWords(caught, t, tell));
    }
    setBusy(false);
  };
  const off = visit.serial === undefined ? t("lack.scan") : items.length > 0 ? t("handOver.unsent") : undefined;
  const primary = { words: t("handOver.make"), act: () => void make(), busy, off };
  const begun = visit.joined || visit.invited !== undefined;
  return (
    <StepFrame {...(!begun && { primary })}>
      <p className={classes.lead}>{t("handOver.lead")}</p>
      {visit.joined ? (
        <p className={classes.verdict} data-tone="good" role="status">
          {t("handOver.joined")}
        </p>
      ) : (
        made && (
          <>
            <QRCodeSVG value={made.url} size={280} marginSize={4} title={t("handOver.qr")} className={classes.qr ?? ""} data-url={made.url} />
            <p className={classes.why}>{t("handOver.scan", { time: moment(new Date(made.expires), new Date(), reader) })}</p>
            <p className={classes.why} role="status">
              {t("handOver.waiting")}
            </p>
          </>
        )
      )}
      {error && (
        <p className={classes.note} data-tone="bad" role="alert">
          {error}
        </p>
      )}
      {begun && !visit.joined && (
        <Button variant="default" loading={busy} disabled={items.length > 0} onClick={() => void make()}>
          {t(made ? "handOver.again" : "handOver.showAgain")}
        </Button>
      )}
    </StepFrame>
  );
}
