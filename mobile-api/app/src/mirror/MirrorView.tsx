import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useNow } from "../shell/useNow";
import type { Anchor } from "./anchor";
import { type LineState, openLine, type SupportLine } from "./line";
import type { Incoming, ScreenWord, SessionWord, Shape } from "./message";
import classes from "./Mirror.module.css";
import { Picture, type PictureHandle } from "./Picture";
import type { Spot } from "./replay/word";
import type { Params, RouteName } from "./route";
import { blindWords, whereWords } from "./where";

/** What a console can do on the customer's screen. `go` needs the scope `change`; what is not allowed is dropped by the server. */
export type MirrorActs = {
  show: (anchor: Anchor) => void;
  markAnchor: (anchor: Anchor, shape: Shape) => void;
  clear: () => void;
  go: (route: RouteName, params?: Params) => void;
};

type MirrorViewProps = {
  /** The agent's own live support session; it needs the scope `see`. */
  session: string;
  /** Whose screen it is, for the title. */
  customer: string;
  ref?: Ref<MirrorActs>;
  /** What a click on the picture leaves there; the mouse itself always points. */
  shape?: Shape;
  onSession?: (session: SessionWord) => void;
  /** It is over: `ended`, `deadline`, `scope`, `signed-out`. */
  onOver?: (code: string) => void;
};

const stale = 1_500; // without a beat
const overdue = 3_000; // what was sent and has not come, while nothing else did
const asking = 1_000;
const pointing = 60;

const isBehind = (at: { epoch: number; seq: number }, sent: { epoch: number; seq: number }) =>
  sent.epoch > at.epoch || (sent.epoch === at.epoch && sent.seq > at.seq);

/** The customer's screen as it is now, with its name and age; the mouse on it is a pointer on theirs. */
export function MirrorView({ session, customer, ref, shape = "ring", onSession, onOver }: MirrorViewProps) {
  const { t } = useTranslation();
  const { t: say } = useTranslation("support");
  const now = useNow(500).getTime();
  const line = useRef<SupportLine>(null);
  const picture = useRef<PictureHandle>(null);
  const [state, setState] = useState<LineState>("connecting");
  const [away, setAway] = useState(false);
  const [beat, setBeat] = useState(0);
  const [drawn, setDrawn] = useState(0);
  const [screen, setScreen] = useState<ScreenWord | null>(null);
  const latest = useRef({ onSession, onOver });
  useEffect(() => {
    latest.current = { onSession, onOver };
  });
  const applied = useRef({ epoch: 0, seq: -1, when: 0 });
  const wanted = useRef(0);
  const pointed = useRef(0);

  useEffect(() => {
    let behind = 0; // since when something is missing
    const hear = (word: Incoming) => {
      if (word.type === "session") latest.current.onSession?.(word);
      else if (word.type === "away") setAway(true);
      else if (word.type === "here") setAway(false);
      else if (word.type === "screen") setScreen(word);
      else if (word.type === "beat") {
        setBeat(Date.now());
        setAway(false);
        behind = isBehind(applied.current, word) ? behind || Date.now() : 0;
        if (behind === 0 || Date.now() - Math.max(behind, applied.current.when) < overdue) return;
        setDrawn(0); // what the customer sent last has been lost on the way
        if (Date.now() - wanted.current < asking) return;
        wanted.current = Date.now();
        own.say({ type: "key.want" });
      }
    };
    const ticket = async () => (await answer(api.POST("/staff/sessions/{session}/ticket", { params: { path: { session } } }))).ticket;
    const own = openLine(ticket, {
      text: hear,
      frame: (frame) => picture.current?.accept(new Uint8Array(frame)),
      state: (to, code) => {
        setState(to);
        if (to === "over") latest.current.onOver?.(code ?? "ended");
      },
    });
    line.current = own;
    return () => own.stop();
  }, [session]);

  const want = (inline = false) => {
    if (!inline && Date.now() - wanted.current < asking) return;
    wanted.current = Date.now();
    line.current?.say({ type: "key.want", ...(inline && { inline }) });
  };
  const point = (spot: Spot, pressed: boolean) => {
    if (pressed) return line.current?.say({ type: "mark", shape, ...spot });
    if (Date.now() - pointed.current < pointing) return;
    pointed.current = Date.now();
    line.current?.say({ type: "point", ...spot });
  };
  useImperativeHandle(ref, () => ({
    show: (anchor) => line.current?.say({ type: "show", anchor }),
    markAnchor: (anchor, kind) => line.current?.say({ type: "mark", anchor, shape: kind }),
    clear: () => line.current?.say({ type: "clear" }),
    go: (route, params) => line.current?.say({ type: "go", route, ...(params ? { params } : {}) }),
  }), []);

  const late = state !== "open" || now - beat > stale || drawn === 0;
  const age = Math.max(0, Math.round((now - beat) / 1000));
  const says = away ? "mirror.away" : state === "over" ? "mirror.over" : state !== "open" ? "mirror.connecting" : late ? "mirror.catching" : "mirror.live";
  const blind = screen ? blindWords(screen, say) : "";
  return (
    <div className={late ? `${classes.view ?? ""} ${classes.stale ?? ""}` : classes.view}>
      <p className={classes.where}>{screen ? whereWords(screen, say) : "\u00a0"}</p>
      {blind && (
        <div className={classes.blind} role="status">
          <strong>{screen && whereWords(screen, say)}</strong>
          <span>{blind}</span>
        </div>
      )}
      <Picture
        ref={picture}
        title={t("mirror.screenOf", { name: customer })}
        className={blind ? classes.unseen : classes.picture}
        onReady={() => want()}
        onWant={want}
        onApplied={(at) => {
          applied.current = { ...at, when: Date.now() };
          setDrawn(at.seq < 0 ? 0 : Date.now());
        }}
        onSpot={point}
      />
      <div className={classes.age}>
        <span role="status">{t(says, { name: customer })}</span>
        {beat > 0 && <span>{t("mirror.age", { n: age })}</span>}
      </div>
    </div>
  );
}
