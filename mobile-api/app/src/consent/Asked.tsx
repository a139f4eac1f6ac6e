import { Button } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SupportSession } from "../api/client";
import { useHome } from "../shell/HomeContext";
import classes from "./Visit.module.css";
import { nameOf } from "./visit";

/** A question that waits: put aside, or one that an adult has to answer. */
export function Asked({ asked, open }: { asked: SupportSession; open: () => void }) {
  const { t } = useTranslation();
  const { decides } = useHome();
  return (
    <div className={classes.asked} role="status">
      <IconHelpCircle size={22} aria-hidden />
      <span>{decides ? t("consent.waitsBar", { name: nameOf(asked.staff.name, t) }) : t("consent.childWaits")}</span>
      {decides && <Button onClick={open}>{t("consent.answer")}</Button>}
    </div>
  );
}
