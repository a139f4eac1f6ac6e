import { useTranslation } from "react-i18next";
import { megabits } from "./check";
import classes from "./Field.module.css";
import { checkName } from "./SyncSheet";
import { stepNames } from "./step";
import { useReader } from "./useReader";
import { useAtVisit } from "./VisitContext";

/** What was done, as the customer reads it before signing. */
export function Summary() {
  const { t } = useTranslation("field");
  const { visit, skips } = useAtVisit();
  const reader = useReader(visit.order.zone);
  const rate = visit.checklist.find(({ name, measured }) => name === "line-down" && measured !== undefined)?.measured;
  const exceptions = visit.checklist.filter(({ decision }) => decision);
  const left = stepNames.filter((step) => skips[step]);
  const lines: [string, string][] = [
    [t("today.address"), visit.order.address],
    [t("report.present"), visit.present.join(", ")],
    [t("report.box"), (visit.serial ?? "").toUpperCase()],
    [t("report.takenBack"), visit.takenBack.map(({ serial }) => serial.toUpperCase()).join(", ")],
    [t("report.checks"), visit.checklist.filter(({ state, decision }) => state === "ok" && !decision).map(({ name }) => checkName(name, t)).join(", ")],
    [t("check.line-down"), rate === undefined ? "" : t("check.measured", { measured: megabits(rate, reader.locale) })],
    [t("report.exceptions"), exceptions.map(({ name, reason = "" }) => t("check.line", { what: checkName(name, t), state: reason })).join("\n")],
    [t("report.rooms"), visit.rooms.map(({ name, verdict }) => t("check.line", { what: name, state: t(`rooms.${verdict}`) })).join("\n")],
    [t("report.skipped"), left.map((step) => t("check.line", { what: t(`step.${step}`), state: skips[step] ?? "" })).join("\n")],
  ];
  return (
    <dl className={`${classes.card} ${classes.facts}`}>
      {lines.filter(([, text]) => text !== "").map(([name, text]) => (
        <Line key={name} name={name} text={text} />
      ))}
    </dl>
  );
}

function Line({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}
