import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem, Reservation } from "../api/client";
import { Refusal } from "../api/refusal";
import { useChanges } from "../change/ChangeContext";
import { whyNot } from "../change/failure";
import { putOf } from "../change/wish";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";

type Reserve = {
  save: (reservation: Reservation, label: string) => Promise<boolean>;
  /** What the server found wrong, by field. */
  problems: Problem[];
  /** Why it was not saved, where no field is wrong. */
  failure: string;
  busy: boolean;
};

/** Saves a reservation, and brings what is wrong with it back to the form. */
export function useReserve(): Reserve {
  const { t } = useTranslation();
  const { id, me, words } = useHome();
  const { propose, busy } = useChanges();
  const [problems, setProblems] = useState<Problem[]>([]);
  const [failure, setFailure] = useState("");

  const explain = (error: Error): string => {
    const current = error instanceof Refusal && error.status === 412 ? error.problem.current : undefined;
    if (!current) return whyNot(error, t);
    const { actor, at } = current.asked;
    const name = actor.member === me.member.id ? t("app.you") : actor.name || t("activity.carebox");
    return t("tv.collided", { name, time: clock(new Date(at), words.reader) });
  };
  const save = async (reservation: Reservation, label: string) => {
    setProblems([]);
    setFailure("");
    try {
      await propose(putOf(id, "reservations", reservation, label));
      return true;
    } catch (error) {
      const found = error instanceof Refusal && error.status === 422 ? (error.problem.problems ?? []) : [];
      setProblems(found);
      setFailure(found.length > 0 ? "" : explain(error as Error));
      return false;
    }
  };
  return { save, problems, failure, busy };
}
