import { CloseButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Stopping } from "./useVisits";
import classes from "./Visit.module.css";
import { nameOf } from "./visit";

/** It was stopped: at once here, and said until the cloud has heard it. */
export default function Stopped({ stopping, close }: { stopping: Stopping; close: () => void }) {
  const { t } = useTranslation();
  const name = nameOf(stopping.name, t);
  const text = t(stopping.told ? "consent.stopped" : "consent.stoppedHere", { name });
  return (
    <div className={classes.asked} role="alert">
      <IconCheck size={22} aria-hidden />
      <span>{text}</span>
      <CloseButton size={44} aria-label={t("consent.close")} onClick={close} />
    </div>
  );
}
