import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../api/refusal";
import { Waiting } from "../shell/Waiting";
import { AbsentDialog } from "./AbsentDialog";
import { ArriveStep } from "./ArriveStep";
import { BringUpStep } from "./BringUpStep";
import { Done } from "./Done";
import classes from "./Field.module.css";
import { useField } from "./FieldContext";
import { HandOverStep } from "./HandOverStep";
import { Head } from "./Head";
import type { NewItem } from "./item";
import { ReportStep } from "./ReportStep";
import { RoomsStep } from "./RoomsStep";
import { ScanStep } from "./ScanStep";
import { isStep, type StepName } from "./step";
import type { Place } from "./store";
import { SignInAgain } from "./SignInAgain";
import { useOutgoing } from "./useOutgoing";
import { keepHeard, useVisit } from "./useVisit";
import { shown } from "./shown";
import { isOver, type Visit } from "./visit";
import { type AtVisit, VisitContext } from "./VisitContext";

const screens: Record<Exclude<StepName, "today">, () => React.ReactNode> = {
  arrive: ArriveStep,
  scan: ScanStep,
  "bring-up": BringUpStep,
  rooms: RoomsStep,
  "hand-over": HandOverStep,
  report: ReportStep,
};

/** One visit at one of its steps. */
export function VisitScreen() {
  const { t } = useTranslation("field");
  const { visit: id, step: word } = useParams({ from: "/field/visit/$visit/$step" });
  const step: Exclude<StepName, "today"> = isStep(word) && word !== "today" ? word : "arrive";
  const { data, error, refetch } = useVisit(id, step);
  const { place, change } = usePlace(id, step);
  if (error instanceof Refusal && error.code === "second-factor") return <SignInAgain />;
  if (data && place) return <AtStep key={id} heard={data.visit} live={data.live && !error} step={step} place={place} change={change} />;
  return (
    <>
      <Head step={step} />
      <main className={classes.body}>
        {error ? (
          <>
            <p className={classes.note}>{t(error instanceof Refusal ? "gone" : "nothingKept")}</p>
            <Button size="lg" onClick={() => void refetch()}>
              {t("again")}
            </Button>
          </>
        ) : (
          <Waiting />
        )}
      </main>
    </>
  );
}

/** Where the technician is, kept on the phone with each change. */
function usePlace(visit: string, step: StepName): { place: Place | null; change: (part: Partial<Place>) => void } {
  const { member, store } = useField();
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => {
    let gone = false;
    void store.place(member, visit).then((kept) => {
      if (!gone) setPlace(kept ?? { member, visit, step: "arrive", opened: "", skips: {}, drafts: {} });
    });
    return () => {
      gone = true;
    };
  }, [member, store, visit]);
  const known = place?.visit === visit ? place : null;
  useEffect(() => {
    if (known) void store.setPlace({ ...known, step, opened: new Date().toISOString() });
  }, [known, step, store]);
  const change = (part: Partial<Place>) => setPlace((now) => now && { ...now, ...part });
  return { place: known, change };
}

type Props = { heard: Visit; live: boolean; step: Exclude<StepName, "today">; place: Place; change: (part: Partial<Place>) => void };

function AtStep({ heard, live, step, place, change }: Props) {
  const field = useField();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { items: all } = useOutgoing();
  const [absent, setAbsent] = useState(false);
  const items = useMemo(() => all.filter((item) => item.visit === heard.id), [all, heard.id]);
  const visit = useMemo(() => shown(heard, items), [heard, items]);
  const drafts = useRef(place.drafts);
  const draft = (key: string, value: string) => {
    drafts.current = { ...drafts.current, [key]: value };
    if (value === "") drafts.current = Object.fromEntries(Object.entries(drafts.current).filter(([name]) => name !== key));
    change({ drafts: drafts.current });
  };
  const at: AtVisit = {
    visit, items, step, skips: place.skips, drafts: place.drafts, online: live, draft,
    spend: (key, value) => {
      if (drafts.current[key] === value) draft(key, "");
    },
    skip: (which, reason) => change({ skips: { ...place.skips, [which]: reason } }),
    go: (to) => {
      window.scrollTo(0, 0);
      if (to === "today") void navigate({ to: "/field", search: { list: true } });
      else void navigate({ to: "/field/visit/$visit/$step", params: { visit: heard.id, step: to } });
    },
    deed: (kind, told) => {
      const { member, outbox } = field;
      return outbox.add({ id: crypto.randomUUID(), member, visit: heard.id, at: new Date().toISOString(), kind, told } as NewItem);
    },
    heard: (news) => void keepHeard({ client, store: field.store, member: field.member }, news),
  };
  const Step = screens[step];
  const over = isOver(visit);
  return (
    <VisitContext value={at}>
      <Head step={step} visit={visit} {...(!over && !visit.serial && { absent: () => setAbsent(true) })} />
      {over ? <Done /> : <Step key={step} />}
      {absent && <AbsentDialog close={() => setAbsent(false)} />}
    </VisitContext>
  );
}
