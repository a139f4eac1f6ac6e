import { IconLifebuoy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { casesQuery } from "../api/query";
import classes from "./Help.module.css";
import { isFresh, useSeen } from "./seen";

/** The way to a person: at the same place on every screen, with a mark when somebody has answered. */
export function HelpPlace({ className, home }: { className: string | undefined; home: string }) {
  const { t } = useTranslation();
  const { data: cases } = useQuery(casesQuery(home));
  const seen = useSeen();
  const fresh = cases?.some((one) => isFresh(one, seen)) ?? false;
  return (
    <Link to="/help" className={className}>
      <IconLifebuoy size={24} stroke={1.75} aria-hidden />
      {fresh && <span className={classes.dot} aria-hidden />}
      <span>
        {t("help.place")}
        {fresh && <span className="unseen"> ({t("help.fresh")})</span>}
      </span>
    </Link>
  );
}
