import { useState } from "react";
import { useTranslation } from "react-i18next";
import { finish } from "./api";
import classes from "./Field.module.css";
import { Notes } from "./Notes";
import { Photos } from "./Photos";
import { failureWords } from "./refused";
import { Signature } from "./Signature";
import { lackOf, skipWords } from "./step";
import { StepFrame } from "./StepFrame";
import { Summary } from "./Summary";
import { useAtVisit } from "./VisitContext";

/** What the customer reads and signs; then the end, once the server has everything. */
export function ReportStep() {
  const { t } = useTranslation("field");
  const { t: tell } = useTranslation();
  const { visit, items, skips, heard, online } = useAtVisit();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const end = async () => {
    setBusy(true);
    setError("");
    try {
      heard(await finish(visit.id, reasonOf(skips, (step) => t(`step.${step}`), t("report.left"), visit.missing)));
    } catch (caught) {
      setError(t("report.refused", { reason: failureWords(caught, t, tell) }));
    }
    setBusy(false);
  };
  const lack = lackOf(visit, "report", skips);
  const off = lack ? t(`lack.${lack}`) : items.length > 0 ? t("report.finishOff") : online ? undefined : t("report.finishLine");
  return (
    <StepFrame primary={{ words: t("report.finish"), act: () => void end(), busy, off }}>
      <p className={classes.lead}>{t("report.lead")}</p>
      <Summary />
      <Photos />
      <Notes />
      <Signature />
      {error && (
        <p className={classes.note} data-tone="bad" role="alert">
          {error}
        </p>
      )}
    </StepFrame>
  );
}

/** What is missing needs a reason, also where no step was left out, such as a photo. */
function reasonOf(skips: Parameters<typeof skipWords>[0], nameOf: (step: "report") => string, left: string, missing: readonly string[]): string {
  const said = skipWords(skips, nameOf as Parameters<typeof skipWords>[1]);
  const soft = missing.some((name) => name === "photo" || name === "sign" || name.startsWith("room:"));
  return said || (soft ? left : "");
}
