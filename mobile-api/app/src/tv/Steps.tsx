import { IconCheck, IconCircle, IconCircleDot } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Reservation, ReservationRow } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { nameOf } from "./truth";
import classes from "./Tv.module.css";

const icons = { done: IconCheck, current: IconCircleDot, open: IconCircle };

/** How far a reservation has come on its way; nothing where it has arrived, or is not on its way. */
export function Steps({ row, reservation }: { row: ReservationRow; reservation: Reservation }) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const at = progress(row, state.delivery);
  if (at === null) return null;
  const moving = [t("tv.step_moving"), t("tv.step_back", { name: nameOf(reservation, words) })];
  const steps = [t("tv.step_line"), t("tv.step_box"), ...(reservation.band ? moving : []), t("tv.step_kept")];
  return (
    <ol className={classes.steps} aria-label={t("tv.steps")}>
      {steps.map((step, n) => {
        const how = n < at ? "done" : n === at ? "current" : "open";
        const Icon = icons[how];
        return (
          <li key={step} data-how={how} aria-current={how === "current" ? "step" : undefined}>
            <Icon size={18} aria-hidden />
            {step}
            <span className="unseen">{t(`tv.step_${how}`)}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** The step that goes on now; null where nothing is under way. */
function progress({ live, inForce }: ReservationRow, delivery: string): number | null {
  if (inForce?.state === "checking") return 2;
  if (inForce?.state === "applying") return inForce.why === "waiting-for-tv" ? 3 : inForce.why === "steering" ? 4 : 2;
  if (live && (!inForce || inForce.state === "idle") && delivery === "applying") return 1;
  return null;
}
