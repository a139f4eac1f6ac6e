import { Button } from "@mantine/core";
import { IconMapPin } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../api/refusal";
import { Waiting } from "../shell/Waiting";
import { clock, moment } from "../time/words";
import { megabits } from "./check";
import classes from "./Field.module.css";
import { useField } from "./FieldContext";
import { Head } from "./Head";
import { isStep, stepReached } from "./step";
import { SignInAgain } from "./SignInAgain";
import { useOutgoing } from "./useOutgoing";
import { inOrder, useDay } from "./useDay";
import { useReader } from "./useReader";
import { shown } from "./shown";
import { isOver, type Visit } from "./visit";

/** The visits of today. Who comes back after the app was killed is taken to where they were. */
export function TodayScreen() {
  const { t } = useTranslation("field");
  const { data, error, refetch } = useDay();
  const { items } = useOutgoing();
  const reader = useReader();
  useWhereIWas();
  if (error instanceof Refusal && error.code === "second-factor") return <SignInAgain />;
  return (
    <>
      <Head step="today" />
      <main className={classes.body}>
        <h1>{t("step.today")}</h1>
        {data ? (
          <>
            <p className={classes.lead}>{t("today.lead", { count: data.visits.length })}</p>
            {!data.live && <p className={classes.note}>{t("today.age", { time: moment(data.heard, new Date(), reader) })}</p>}
            <ul className={classes.list}>
              {inOrder(data.visits.map((visit) => shown(visit, items))).map((visit) => (
                <VisitCard key={visit.id} visit={visit} />
              ))}
            </ul>
          </>
        ) : error ? (
          <>
            <p className={classes.note}>{t("nothingKept")}</p>
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

const longAgo = 12 * 3_600_000;

/** Goes on with the visit that was on the screen last, unless the list itself was asked for. */
function useWhereIWas(): void {
  const { member, store } = useField();
  const { list } = useSearch({ from: "/field/" });
  const navigate = useNavigate();
  useEffect(() => {
    if (list) return;
    let gone = false;
    void store.lastPlace(member).then(async (place) => {
      if (!place || Date.now() - Date.parse(place.opened) > longAgo) return;
      const visit = await store.visit(member, place.visit);
      if (gone || !visit || isOver(visit) || place.step === "today") return;
      await navigate({ to: "/field/visit/$visit/$step", params: { visit: place.visit, step: place.step }, replace: true });
    });
    return () => {
      gone = true;
    };
  }, [list, member, store, navigate]);
}

function VisitCard({ visit }: { visit: Visit }) {
  const { t } = useTranslation("field");
  const reader = useReader(visit.order.zone);
  const { order, slot } = visit;
  const at = (time: string) => clock(new Date(`2000-01-01T${time}:00Z`), { ...reader, zone: "UTC" });
  const { member, outbox } = useField();
  const over = isOver(visit);
  const step = over ? "report" : stepReached(visit);
  const begun = visit.state !== "planned" && visit.state !== "on-the-way";
  const leave = () => {
    if (visit.state !== "planned") return;
    void outbox.add({ id: crypto.randomUUID(), member, visit: visit.id, at: new Date().toISOString(), kind: "way", told: {} });
  };
  return (
    <li className={classes.card}>
      <div className={classes.line}>
        <h2>{order.customer}</h2>
        <span className={classes.quiet}>
          {t("today.window", { from: at(slot.from), to: at(slot.to) })}
        </span>
      </div>
      <dl className={classes.facts}>
        <dt>{t("today.job")}</dt>
        <dd>
          {t(`today.${order.kind}`)} · {t(`state.${visit.state}`)}
        </dd>
        <dt>{t("today.address")}</dt>
        <dd>{order.address}</dd>
        {order.access && (
          <>
            <dt>{t("today.access")}</dt>
            <dd>{order.access}</dd>
          </>
        )}
        <dt>{t("today.ordered")}</dt>
        <dd>{ordered(visit, t, reader.locale)}</dd>
      </dl>
      <Button
        variant="default"
        leftSection={<IconMapPin size={22} aria-hidden />}
        renderRoot={(props) => <a {...props} href={`https://www.openstreetmap.org/search?query=${encodeURIComponent(order.address)}`} target="_blank" rel="noreferrer" />}
      >
        {t("today.map")}
      </Button>
      <Button
        size="lg"
        variant={over ? "default" : "filled"}
        onClick={leave}
        renderRoot={(props) => <Link {...props} to="/field/visit/$visit/$step" params={{ visit: visit.id, step: isStep(step) ? step : "arrive" }} />}
      >
        {t(over ? "today.look" : begun ? "today.goOn" : "today.begin")}
      </Button>
    </li>
  );
}

function ordered({ order }: Visit, t: ReturnType<typeof useTranslation<"field">>["t"], locale: string): string {
  return [
    order.serial && t("today.box", { serial: order.serial.toUpperCase() }),
    order.replaces && t(order.kind === "return" ? "today.goes" : "today.oldBox", { serial: order.replaces.toUpperCase() }),
    order.down > 0 && t("today.rate", { rate: megabits(order.down, locale) }),
    order.tv && t("today.tv"),
  ].filter(Boolean).join("\n") || "–";
}
