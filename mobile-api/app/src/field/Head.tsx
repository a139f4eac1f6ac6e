import { useTranslation } from "react-i18next";
import { useNow } from "../shell/useNow";
import { running, secondsSince } from "./check";
import { CallButton } from "./CallButton";
import classes from "./Field.module.css";
import { FieldMenu } from "./FieldMenu";
import { type StepName, stepsOf } from "./step";
import { SyncLine } from "./SyncLine";
import type { Visit } from "./visit";

type Props = { step: StepName; visit?: Visit; absent?: () => void };

/** What is always on the screen: which step, whose visit, what is not sent, a person, the clock. */
export function Head({ step, visit, absent }: Props) {
  const { t } = useTranslation("field");
  const steps = stepsOf(visit?.order.kind ?? "install");
  return (
    <section className={classes.head} aria-label={t("title")}>
      <div className={classes.line}>
        <span>
          {t("step.of", { n: steps.indexOf(step) + 1, all: steps.length })} · {t(`step.${step}`)}
        </span>
        {visit && <Clock visit={visit} />}
      </div>
      {visit && <span className={classes.customer}>{visit.order.customer}</span>}
      <div className={classes.tools}>
        <SyncLine />
        <CallButton />
        <FieldMenu {...(absent && { absent })} />
      </div>
    </section>
  );
}

/** Runs from the scan until the box is in service. */
function Clock({ visit }: { visit: Visit }) {
  const { t } = useTranslation("field");
  const now = useNow(1_000);
  if (!visit.scanned) return <span className={classes.quiet}>{t("clock.none")}</span>;
  const until = visit.serving ? new Date(visit.serving) : now;
  return (
    <span className={classes.quiet} role="timer">
      {t("clock.since", { time: running(secondsSince(visit.scanned, until)) })}
    </span>
  );
}
