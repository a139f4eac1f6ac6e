import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleMinus, IconHourglass } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../shell/announcement";
import { useNow } from "../shell/useNow";
import { isLate, megabits, secondsSince } from "./check";
import classes from "./Field.module.css";
import { ReasonDialog } from "./ReasonDialog";
import { isOpen } from "./step";
import { StepFrame } from "./StepFrame";
import { WhichTv } from "./WhichTv";
import { checkName } from "./SyncSheet";
import { useReader } from "./useReader";
import type { Check } from "./visit";
import { useAtVisit } from "./VisitContext";

/** What the box has reached by itself; what it has not, with how long it takes and what to try. */
export function BringUpStep() {
  const { t } = useTranslation("field");
  const { visit, online, deed } = useAtVisit();
  const [asking, setAsking] = useState<Check | null>(null);
  useTicks(visit.checklist);
  const decision = asking && canAccept(asking) ? "accept" : "skip";
  const decide = async (reason: string) => {
    if (asking) await deed("decide", { item: asking.name, decision, reason });
    setAsking(null);
  };
  const all = visit.checklist.length > 0 && !visit.checklist.some(isOpen);
  return (
    <StepFrame>
      {!online && <p className={classes.note}>{t("check.offline")}</p>}
      {visit.checklist.length === 0 && <p className={classes.note}>{t("check.none")}</p>}
      <ul className={classes.list} aria-label={t("check.title")}>
        {visit.checklist.map((check) => (
          <CheckLine
            key={check.name}
            check={check}
            {...(isDue(check, visit.checklist) && { ask: () => setAsking(check) })}
            {...(measurable(check) && { again: () => void deed("measure", {}) })}
          />
        ))}
      </ul>
      {visit.serving && <p className={classes.note}>{t("report.inService", { minutes: Math.max(1, Math.round(visit.seconds / 60)) })}</p>}
      <WhichTv />
      {all && <p className={classes.lead}>{t("check.all")}</p>}
      {asking && (
        <ReasonDialog
          title={t(`decision.${decision}`, { check: checkName(asking.name, t) })}
          text={t("decision.text")}
          yes={t(`decision.${decision}Yes`)}
          say={(reason) => void decide(reason)}
          close={() => setAsking(null)}
        />
      )}
    </StepFrame>
  );
}

/** What waits for another is decided on once nobody waits for that one any more. */
function isDue(check: Check, list: readonly Check[]): boolean {
  const first = list.find(({ name }) => name === check.after);
  return isOpen(check) && first?.state !== "waiting";
}

/** The line is measured by itself once; then again by hand. */
const measurable = ({ name, state }: Check): boolean => name.startsWith("line-") && state === "failed";

/** Only what was measured, and is not enough, can be taken as it is. */
const canAccept = ({ state, measured }: Check): boolean => state === "failed" && measured !== undefined;

/** Says what has been reached since the last look. */
function useTicks(list: readonly Check[]): void {
  const { t } = useTranslation("field");
  const before = useRef<Map<string, Check["state"]>>(new Map());
  useEffect(() => {
    const news = list.filter(({ name, state }) => before.current.has(name) && before.current.get(name) !== state && state !== "waiting");
    if (news.length > 0) announce(news.map((check) => stateWords(check, { seconds: 0, late: false }, t)).join(". "));
    before.current = new Map(list.map(({ name, state }) => [name, state]));
  }, [list, t]);
}

const looks = {
  ok: { Icon: IconCircleCheck, tone: "good" },
  failed: { Icon: IconAlertTriangle, tone: "bad" },
  skipped: { Icon: IconCircleMinus, tone: "late" },
  waiting: { Icon: IconHourglass, tone: "wait" },
  later: { Icon: IconCircleDashed, tone: "quiet" },
} as const;

function CheckLine({ check, ask, again }: { check: Check; ask?: () => void; again?: () => void }) {
  const { t } = useTranslation("field");
  const reader = useReader();
  const now = useNow(1_000);
  const seconds = secondsSince(check.since, now);
  const late = check.state === "waiting" && !check.after && isLate(check, seconds);
  const { Icon, tone } = looks[check.state === "waiting" && check.after ? "later" : check.state];
  const trouble = check.state === "failed" || late;
  return (
    <li className={classes.card} data-check={check.name} data-state={check.state}>
      <div className={classes.row}>
        <Icon size={26} className={classes[late ? "late" : tone]} aria-hidden />
        <div className={classes.grow}>
          <strong>{stateWords(check, { seconds, late }, t)}</strong>
          {check.measured !== undefined && check.code !== "no-radios" && <div>{measuredWords(check, t, reader.locale)}</div>}
          {check.decision && <div className={classes.quiet}>{t(`decision.is_${check.decision as "skip" | "accept"}`, { reason: check.reason ?? "" })}</div>}
          {check.state === "ok" && check.code && <div className={classes.quiet}>{tryWords(check.code, t)}</div>}
        </div>
      </div>
      {trouble && check.code && (
        <ol className={classes.try}>
          {tryWords(check.code, t).split("|").map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ol>
      )}
      {!trouble && check.state === "waiting" && check.code && check.code in waits && <p className={classes.quiet}>{tryWords(check.code, t)}</p>}
      {ask && (
        <div className={classes.pair}>
          {again && (
            <Button variant="default" onClick={again}>
              {t("check.measure")}
            </Button>
          )}
          <Button variant="default" onClick={ask}>
            {t(canAccept(check) ? "decision.acceptButton" : "decision.skipButton")}
          </Button>
        </div>
      )}
    </li>
  );
}

/** Codes that say what the box is doing, also before anything is wrong. */
const waits = { "radar-check": true, "tv-applying": true, measuring: true };

function stateWords(check: Check, { seconds, late }: { seconds: number; late: boolean }, t: TFunction<"field">): string {
  const what = checkName(check.name, t);
  if (check.state !== "waiting") return t("check.line", { what, state: t(`check.is_${check.state}`) });
  if (check.after) return t("check.after", { what, first: checkName(check.after, t) });
  return t(late ? "check.late" : "check.waiting", { what, usual: check.usualSeconds, so: seconds });
}

function measuredWords({ measured = 0, expected, unit }: Check, t: TFunction<"field">, locale: string): string {
  if (unit !== "bit/s") return t(unit === "days" ? "check.days" : "check.radiosUp", { count: measured, all: expected ?? measured });
  const rate = megabits(measured, locale);
  return expected ? t("check.belowLimit", { measured: rate, needed: megabits(expected, locale) }) : t("check.measured", { measured: rate });
}

function tryWords(code: string, t: TFunction<"field">): string {
  return t(`try.${code}` as "try.other", { defaultValue: t("try.other") });
}
