import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";
import { ReasonDialog } from "./ReasonDialog";
import { after, before, canSkip, lackOf } from "./step";
import { useAtVisit } from "./VisitContext";

type Primary = { words: string; act: () => void; busy?: boolean; off?: string | undefined };
type Props = { children: ReactNode; primary?: Primary };

/** One step: what is to be done, one button that leads on or says why it does not, and the way to leave the step out. */
export function StepFrame({ children, primary }: Props) {
  const { t } = useTranslation("field");
  const { visit, step, skips, go, skip } = useAtVisit();
  const [asking, setAsking] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [step]);
  const journey = visit.order.kind;
  const lack = lackOf(visit, step, skips);
  const next: Primary = {
    words: t("step.next"),
    act: () => go(after(journey, step)),
    off: lack ? t(`lack.${lack}`) : undefined,
  };
  const { words, act, busy, off } = primary ?? next;
  const leaveOut = (reason: string) => {
    skip(step, reason);
    setAsking(false);
    if (after(journey, step) !== step) go(after(journey, step));
  };
  return (
    <main className={classes.body}>
      <h1 ref={title} tabIndex={-1}>
        {t(`step.${step}`)}
      </h1>
      {children}
      {skips[step] && <p className={classes.note}>{t("step.skipped", { reason: skips[step] })}</p>}
      <div className={classes.foot}>
        {off && (
          <p className={classes.why} id="why">
            {off}
          </p>
        )}
        <Button fullWidth size="lg" loading={busy ?? false} disabled={off !== undefined} aria-describedby={off ? "why" : undefined} onClick={act}>
          {words}
        </Button>
        <div className={classes.pair}>
          <Button variant="default" onClick={() => go(before(journey, step))}>
            {t("step.back")}
          </Button>
          {canSkip(step) && lack && (
            <Button variant="default" onClick={() => setAsking(true)}>
              {t("skip.button")}
            </Button>
          )}
        </div>
      </div>
      {asking && (
        <ReasonDialog title={t("skip.title", { step: t(`step.${step}`) })} text={t("skip.text")} yes={t("skip.yes")} say={leaveOut} close={() => setAsking(false)} />
      )}
    </main>
  );
}
