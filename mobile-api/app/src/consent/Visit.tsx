import { lazy, Suspense, useState } from "react";
import { isSeen, MirrorRecorder } from "../mirror/MirrorRecorder";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { Asked } from "./Asked";
import type { Made } from "./useProposal";
import { useVisits } from "./useVisits";
import { nameOf } from "./visit";

const RecordSwitch = lazy(async () => ({ default: (await import("../recording/RecordSwitch")).RecordSwitch }));
const Consent = lazy(() => import("./Consent"));
const Banner = lazy(() => import("./Banner"));
const Closing = lazy(() => import("./Closing"));
const During = lazy(() => import("./During"));
const Invited = lazy(() => import("./Invited"));
const Stopped = lazy(async () => ({ default: (await import("./Banner")).Stopped }));

/** A person who helps, on every screen: asks, is there, has gone. */
export function Visit() {
  const { t } = useTranslation();
  const { id, me, decides } = useHome();
  const { asked, active, ended, heard, stop, stopping, forget } = useVisits(id);
  const [hidden, setHidden] = useState(""); // the question that the customer has put aside
  const [live, setLive] = useState<string | null>(null); // the visit that was seen here: only its end is told
  const [closed, setClosed] = useState("");
  const [made, setMade] = useState<(Made & { agent: string }) | null>(null); // outlives the visit: it is told only once
  const [looking, setLooking] = useState(false); // at what the agent sees
  if (active && active.id !== live) setLive(active.id);
  const over = ended && (ended.id === live || ended.replacedBy === live) && ended.id !== closed ? ended : null;
  const leave = () => {
    if (over) setClosed(over.id);
    forget(); // that it was stopped has been told with its end
  };
  return (
    <>
      {/* Nothing is recorded before the banner is there; and nothing that is fetched later takes it away. */}
      <Suspense>
        {active && (
          <Banner
            visit={active}
            heard={heard}
            stop={() => stop(active.id, active.staff.name)}
            look={isSeen(active, me.member.id) ? () => setLooking(true) : undefined}
          />
        )}
        {active && (
          <MirrorRecorder
            home={id}
            session={active.id}
            before={active.replaces}
            name={active.staff.name}
            scopes={active.scopes}
            member={me.member.id}
            customer={active.customer.id}
            looking={looking}
            onLooked={() => setLooking(false)}
            beside={<RecordSwitch visit={active} name={nameOf(active.staff.name, t)} />}
          />
        )}
        {stopping && !active && !over && <Stopped stopping={stopping} close={forget} />}
      </Suspense>
      <Suspense>
        {active && decides && <During visit={active} invited={(one) => setMade({ ...one, agent: active.staff.name })} />}
        {made && <Invited made={made} agent={made.agent} close={() => setMade(null)} />}
        {asked && (hidden === asked.id || !decides) && <Asked asked={asked} open={() => setHidden("")} />}
        {asked && hidden !== asked.id && decides && (
          <Consent key={asked.id} asked={asked} active={active} aside={() => setHidden(asked.id)} />
        )}
        {over && !active && !made && <Closing visit={over} close={leave} />}
      </Suspense>
    </>
  );
}
