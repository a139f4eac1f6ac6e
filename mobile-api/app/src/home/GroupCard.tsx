import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Face } from "../parts/Face";
import { KindIcon } from "../parts/KindIcon";
import { StateLine } from "../parts/StateLine";
import { useHome } from "../shell/HomeContext";
import classes from "./GroupCard.module.css";
import { MomentButtons } from "./MomentButtons";
import { say } from "./sentence";
import { type Group, type Summary, summarise } from "./standing";

/** One person: how they stand, and what a parent does about it most. */
export function GroupCard({ group }: { group: Group }) {
  const { t } = useTranslation();
  const { state } = useHome();
  const summary = summarise(group.rows, state);
  return (
    <article className={classes.card} aria-label={group.name}>
      <div className={classes.head}>
        <Face id={group.id} name={group.name} size={48} />
        <div className={classes.text}>
          <h3 className={classes.name}>
            <Link to="/person/$id" params={{ id: group.id }} className={classes.link}>
              {group.name}
              <IconChevronRight size={20} aria-hidden />
            </Link>
          </h3>
          {summary ? <StateLine standing={summary.main} /> : <p className={classes.quiet}>{t("state.noDevice")}</p>}
          {summary && <Rest summary={summary} />}
          <Devices group={group} />
        </div>
      </div>
      {summary && <MomentButtons target={group.target} name={group.name} rows={group.rows} />}
    </article>
  );
}

/** Devices that stand differently from the rest, a line each. */
function Rest({ summary }: { summary: Summary }) {
  const { t } = useTranslation();
  const { words } = useHome();
  return summary.rest.map(({ row, standing }) => {
    const said = say(standing.shown, words);
    return (
      <p key={row.mac} className={classes.rest} data-tone={said.tone}>
        {t("state.others", { device: row.name, state: said.text })}
      </p>
    );
  });
}

/** Being on the Wi-Fi and being allowed the internet are two facts: this row tells the first. */
function Devices({ group }: { group: Group }) {
  const { t } = useTranslation();
  const { rows } = group;
  if (rows.length === 0) return null;
  const present = rows.filter((row) => row.present).length;
  const cut = rows.some((row) => !row.present && row.kind === "phone" && !row.asked.online);
  return (
    <>
      <div className={classes.devices}>
        {rows.slice(0, 6).map((row) => (
          <span key={row.mac} className={classes.device} data-here={row.present}>
            <KindIcon kind={row.kind} size={18} />
          </span>
        ))}
        <span>{t("state.present", { present, count: rows.length })}</span>
      </div>
      {cut && <p className={classes.quiet}>{t("state.notOnWifi")}</p>}
    </>
  );
}
