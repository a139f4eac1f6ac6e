import { Button, Modal } from "@mantine/core";
import { useRouter, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../shell/announcement";
import { isAnchor } from "./anchor";
import type { DialogName } from "./dialog";
import { prefix } from "./forget";
import { Gestures, type Place } from "./Gestures";
import type { Gesture } from "./message";
import classes from "./Mirror.module.css";
import type { PictureHandle } from "./Picture";
import { nameOf, pathOf } from "./route";
import { Sees } from "./Sees";
import { unseenIn } from "./unseen";
import { useScreenLine } from "./useScreenLine";

type Moved = { to: string; from: string; asked: boolean };

const longestMark = 15_000;
const shortestPoint = 3_000;
const mostMarks = 20;
const longestWay = 60_000; // to a screen that the customer may be asked to leave another for

export type MirrorRecorderProps = {
  home: string;
  /** The support session's id, and that of the one which it follows without a break. */
  session: string;
  before?: string | undefined;
  /** The agent's shown name. */
  name: string;
  /** What was consented to; without `see` nothing is loaded, recorded or sent. */
  scopes: readonly string[];
  /** The signed-in member, and whose screens were consented to be seen: only those are. */
  member: string;
  customer: string;
  /** Whether the customer looks at what the agent sees, and that they close it. */
  looking?: boolean;
  onLooked?: () => void;
  /** What stands beside what the agent sees. */
  beside?: ReactNode;
};

/** The page as the agent has it, and what they do on it. */
export default function Screen({ home, session, before, name, looking = false, onLooked, beside }: MirrorRecorderProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const [places, setPlaces] = useState<Place[]>([]);
  const [moved, setMoved] = useState<Moved | null>(null);
  const own = useRef<PictureHandle>(null);
  const [unseen] = useState(() => unseenIn(session, document, localStorage, before));
  const edited = useEdited(pathname);

  // What is not saved may keep them where they are: it is said when they are there.
  const arrived = moved !== null && !moved.asked && moved.to === pathname;
  useEffect(() => {
    if (arrived) announce(t("mirror.went", { name }));
  }, [arrived, t, name]);
  useEffect(() => {
    if (!moved || moved.asked || arrived) return;
    const timer = setTimeout(() => setMoved(null), longestWay);
    return () => clearTimeout(timer);
  }, [moved, arrived]);

  const put = useCallback((place: Place) => {
    setPlaces((now) => {
      const others = place.kind === "point" ? now.filter(({ kind }) => kind !== "point") : now;
      return [...others, place].slice(-mostMarks);
    });
  }, []);
  const sweep = useCallback(() => {
    const now = Date.now();
    setPlaces((all) => (all.some(({ until }) => until <= now) ? all.filter(({ until }) => until > now) : all));
  }, []);

  const go = (to: string) => {
    const from = router.state.location.pathname;
    if (to === from) return;
    if (edited.current || document.querySelector("[role=dialog]")) {
      announce(t("mirror.mayGo", { name }));
      return setMoved({ to, from, asked: true });
    }
    setMoved({ to, from, asked: false });
    void router.navigate({ href: to });
  };

  const gesture = (word: Gesture, nodeOf: (id: number) => Node | null) => {
    if (word.type === "clear") return setPlaces([]);
    if (word.type === "go") {
      const path = pathOf(word.route, word.params);
      if (path) go(path);
      return;
    }
    const point = word.type === "point";
    const shape = word.type === "mark" ? word.shape : word.type === "show" ? "ring" : null;
    const until = Date.now() + (point ? shortestPoint : longestMark);
    if ("anchor" in word) {
      const element = isAnchor(word.anchor) ? document.querySelector(`[data-anchor="${word.anchor}"]`) : null;
      if (!element) return;
      if (word.type === "show") element.scrollIntoView({ block: "center", behavior: "smooth" });
      return put({ id: crypto.randomUUID(), kind: "mark", shape: shape ?? "ring", element, fx: 0.5, fy: 0.5, until });
    }
    const node = nodeOf(word.node);
    const element = node instanceof Element ? node : node?.parentElement;
    if (!element) return;
    put({ id: crypto.randomUUID(), kind: point ? "point" : "mark", shape: shape ?? "ring", element, fx: word.fx ?? 0, fy: word.fy ?? 0, until });
  };

  const line = useScreenLine({ home, session, screen: nameOf(pathname), gesture, unseen, tee: (frame) => own.current?.accept(frame) });

  const { key, again } = line;
  useEffect(() => {
    if (looking) key();
  }, [looking, key]);

  useEffect(() => {
    const hear = ({ key: changed, newValue }: StorageEvent) => {
      if (changed !== prefix + session || newValue === null) return; // forgotten is not shown again
      unseen.reread();
      again();
    };
    window.addEventListener("storage", hear);
    return () => window.removeEventListener("storage", hear);
  }, [session, unseen, again]);

  return (
    <div data-private className={classes.shield}>
      <Gestures places={places} name={name} sweep={sweep} />
      {moved && (moved.asked || arrived) && (
        <div className={classes.moved} role="status">
          <span>{t(moved.asked ? "mirror.mayGo" : "mirror.went", { name })}</span>
          {moved.asked && (
            <Button
              size="compact-md"
              onClick={() => {
                setMoved({ ...moved, asked: false });
                void router.navigate({ href: moved.to });
              }}
            >
              {t("mirror.go")}
            </Button>
          )}
          {moved.asked ? (
            <Button size="compact-md" variant="default" onClick={() => setMoved(null)}>
              {t("mirror.stay")}
            </Button>
          ) : (
            <Button
              size="compact-md"
              variant="default"
              onClick={() => {
                setMoved(null);
                void router.navigate({ href: moved.from });
              }}
            >
              {t("app.back")}
            </Button>
          )}
          {!moved.asked && (
            <Button size="compact-md" variant="subtle" onClick={() => setMoved(null)}>
              {t("app.close")}
            </Button>
          )}
        </div>
      )}
      <Modal
        data-dialog={"sees" satisfies DialogName}
        opened={looking}
        onClose={() => onLooked?.()}
        title={t("mirror.sees", { name })}
        withinPortal={false}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        {beside}
        <Sees name={name} picture={own} unseen={unseen} line={line} />
      </Modal>
    </div>
  );
}

/** Whether something was typed on this screen that may not be kept yet. */
function useEdited(pathname: string) {
  const edited = useRef(false);
  useEffect(() => {
    edited.current = false;
    const note = () => (edited.current = true);
    document.addEventListener("input", note, true);
    return () => document.removeEventListener("input", note, true);
  }, [pathname]);
  return edited;
}
