import { Button } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StaffCase, SupportSession } from "../api/client";
import type { Scope } from "../consent/visit";
import { Waiting } from "../shell/Waiting";
import { Behalf } from "./Behalf";
import { BoxTab } from "./BoxTab";
import { BoxThen } from "./BoxThen";
import { Live } from "./Live";
import classes from "./Session.module.css";
import { allows } from "./session";
import { SessionStrip } from "./SessionStrip";
import { usePlace } from "./usePlace";
import { type CaseSession, useSession } from "./useSession";

const PeopleTab = lazy(async () => ({ default: (await import("./PeopleTab")).PeopleTab }));
const ScreenTab = lazy(async () => ({ default: (await import("./ScreenTab")).ScreenTab }));
const TvScreen = lazy(async () => ({ default: (await import("../tv/TvScreen")).TvScreen }));

const tabs = ["then", "screen", "box", "tv", "people"] as const;
type Tab = (typeof tabs)[number];

/** What each tab needs; null: nothing but the case. */
const needs: Record<Tab, Scope | null> = { then: null, screen: "see", box: "diagnose", tv: "change", people: "change" };

/** The middle of a case: the box as it was when the customer tapped, and what a session of one's own shows. */
export function CentrePane({ data, mine, after }: { data: StaffCase; mine: boolean; after: () => Promise<void> }) {
  const own = useSession(data.case.id);
  const [tab, setTab] = usePlace<Tab>(`tab ${data.case.id}`, "then");
  const [wanted, setWanted] = useState<Scope | null>(null);
  if (!mine && own.session?.state !== "active") return <BoxThen picture={data.picture} />;
  return (
    <>
      <SessionStrip kase={data.case.id} own={own} wanted={wanted} ask={setWanted} after={after} />
      <Tabs tab={tab} choose={setTab} />
      <div role="tabpanel" id="support-pane" aria-labelledby={`support-tab-${tab}`} className={classes.pane} data-over={isOver(own.session)}>
        <Pane tab={tab} data={data} own={own} ask={setWanted} />
      </div>
    </>
  );
}

const isOver = (session: SupportSession | undefined) => session?.state === "ended" && session.started !== undefined;

function Tabs({ tab, choose }: { tab: Tab; choose: (tab: Tab) => void }) {
  const { t } = useTranslation("support");
  const move = (key: string) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    choose(next);
    document.getElementById(`support-tab-${next}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={t("session")} className={classes.tabs} onKeyDown={(event) => move(event.key)}>
      {tabs.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={`support-tab-${one}`}
          aria-selected={one === tab}
          aria-controls="support-pane"
          tabIndex={one === tab ? 0 : -1}
          onClick={() => choose(one)}
        >
          {t(`tab_${one}`)}
        </button>
      ))}
    </div>
  );
}

type PaneProps = { tab: Tab; data: StaffCase; own: CaseSession; ask: (scope: Scope) => void };

function Pane({ tab, data, own, ask }: PaneProps) {
  const { session } = own;
  const need = needs[tab];
  if (need === null) return <BoxThen picture={data.picture} />;
  if (tab === "box" && session?.started) return <Box session={session} ask={ask} />;
  if (!session || !allows(session, need)) return <Off scope={need} session={session} ask={ask} />;
  if (tab === "screen") {
    return (
      <Suspense fallback={<Waiting />}>
        <ScreenTab key={session.id} session={session} />
      </Suspense>
    );
  }
  return (
    <Behalf key={session.id} session={session}>
      <Suspense fallback={<Waiting />}>{tab === "tv" ? <TvScreen /> : <PeopleTab session={session} />}</Suspense>
    </Behalf>
  );
}

/** What was measured stays to be read when nothing more can be. */
function Box({ session, ask }: { session: SupportSession; ask: (scope: Scope) => void }) {
  const on = allows(session, "diagnose");
  return (
    <>
      <Live key={session.id} session={session} />
      {!on && <Off scope="diagnose" session={session} ask={ask} />}
      <BoxTab session={session.id} on={on} />
    </>
  );
}

function Off({ scope, session, ask }: { scope: Scope; session: SupportSession | undefined; ask: (scope: Scope) => void }): ReactNode {
  const { t } = useTranslation("support");
  return (
    <div className={classes.off}>
      <p>{t(isOver(session) ? "nothingMore" : "notAllowed")}</p>
      <Button variant="default" onClick={() => ask(scope)}>
        {t("askFor", { what: t(`scope_${scope}`) })}
      </Button>
    </div>
  );
}
