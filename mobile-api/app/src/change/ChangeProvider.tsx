import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { HomeState } from "../api/client";
import { homeQuery, meQuery } from "../api/query";
import { isNotTheirs, isSignedOut, Refusal } from "../api/refusal";
import { leave } from "../shell/client";
import { useHome } from "../shell/HomeContext";
import { noteStep } from "../shell/journey";
import { ChangeBar } from "./ChangeBar";
import classes from "./ChangeBar.module.css";
import { ChangeContext, type Changes, type Collision, type Outcome, type Wish } from "./ChangeContext";
import { undoOf } from "./wish";

const CollisionDialog = lazy(() => import("./CollisionDialog"));
const UndoDialog = lazy(() => import("./UndoDialog"));

/** The one way in which this phone changes the home, and what it says about it. */
export function ChangeProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const home = useHome();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [collision, setCollision] = useState<Collision | null>(null);
  const key = homeQuery(home.id).queryKey;

  const send = useCallback(
    async (wish: Wish) => {
      const seen = client.getQueryData<HomeState>(key);
      if (!seen) throw new Error("a change of a home that nobody has seen");
      setOutcome({ kind: "asking", wish });
      await client.cancelQueries({ queryKey: key }); // an older answer under way must not come after this one
      const state = await wish.send(seen);
      client.setQueryData(key, state);
      noteStep("changed", window.location.pathname);
      const { revision, at } = state.asked;
      setOutcome(revision === seen.asked.revision ? null : { kind: "asked", wish, revision, at: new Date(at), undoable: true });
    },
    [client, key],
  );

  const changes = useMemo<Changes>(() => {
    const failed = (wish: Wish, error: unknown, refused?: (error: Error) => void) => {
      if (isSignedOut(error)) return leave(true);
      if (isNotTheirs(error)) {
        void client.invalidateQueries({ queryKey: meQuery.queryKey });
        void client.invalidateQueries({ queryKey: key });
      }
      if (error instanceof Refusal && error.problem.current && (error.status === 412 || error.code === "conflict")) {
        client.setQueryData(key, error.problem.current);
        setOutcome(null);
        setCollision({ wish, refusal: error, current: error.problem.current });
        return;
      }
      const reason = error instanceof Error ? error : new Error(String(error));
      noteStep("failed", window.location.pathname, error instanceof Refusal ? error.code : "unreachable");
      setOutcome(refused ? null : { kind: "failed", wish, error: reason });
      refused?.(reason);
    };
    return {
      busy: outcome?.kind === "asking",
      ask: (wish, refused) =>
        send(wish).then(
          () => true,
          (error: unknown) => {
            failed(wish, error, refused);
            return false;
          },
        ),
      propose: (wish) =>
        send(wish).catch((error: unknown) => {
          setOutcome(null);
          if (isSignedOut(error)) leave(true);
          if (error instanceof Refusal && error.problem.current) client.setQueryData(key, error.problem.current);
          throw error;
        }),
    };
  }, [client, key, outcome?.kind, send]);

  const undo = (revision: number, what: string) => {
    void changes.ask(undoOf(home.id, revision, t("change.what_undo", { what })));
  };

  const again = (wish: Wish) => {
    setCollision(null);
    void changes.ask(wish);
  };
  const Dialog = collision?.refusal.code === "conflict" ? UndoDialog : CollisionDialog;

  return (
    <ChangeContext value={changes}>
      {children}
      {outcome && <div className={classes.room} />}
      {outcome && <ChangeBar outcome={outcome} undo={undo} hide={() => setOutcome(null)} />}
      <Suspense>
        {collision && <Dialog collision={collision} leave={() => setCollision(null)} again={again} />}
      </Suspense>
    </ChangeContext>
  );
}
