import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { DeviceRow } from "../api/client";
import classes from "../home/HomeScreen.module.css";
import { standingOf } from "../home/standing";
import { useHome } from "../shell/HomeContext";
import { KindIcon } from "./KindIcon";
import { StateLine } from "./StateLine";

/** A named device in a list: how it stands, and the way to its own screen. */
export function DeviceLink({ row }: { row: DeviceRow }) {
  const { t } = useTranslation();
  const { state } = useHome();
  return (
    <Link to="/device/$id" params={{ id: row.id ?? "" }} className={classes.row}>
      <span className={classes.glyph}>
        <KindIcon kind={row.kind} />
      </span>
      <div className={classes.grow}>
        <div className={classes.strong}>{row.name}</div>
        <StateLine standing={standingOf(row, state)} />
        <div className={classes.small}>{t(row.present ? "state.here" : "state.away")}</div>
      </div>
      <IconChevronRight size={20} color="var(--ink-2)" aria-hidden />
    </Link>
  );
}
