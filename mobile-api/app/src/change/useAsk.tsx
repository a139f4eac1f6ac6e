import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./ChangeBar.module.css";
import { useChanges, type Wish } from "./ChangeContext";
import { whyNot } from "./failure";

type Asking = { ask: (wish: Wish) => Promise<boolean>; busy: boolean; refusal: ReactNode };

/** Asking from inside a dialog: a refusal is shown in it, beside its fields, and not behind it. */
export function useAsk(): Asking {
  const { t } = useTranslation();
  const { ask, busy } = useChanges();
  const [reason, setReason] = useState("");
  return {
    busy,
    ask: (wish) => {
      setReason("");
      return ask(wish, (error) => setReason(whyNot(error, t)));
    },
    refusal: reason && (
      <p role="alert" className={classes.refusal}>
        <IconAlertTriangle size={20} aria-hidden />
        <span>{reason}</span>
      </p>
    ),
  };
}
