import { IconActivity, IconDeviceTv, IconHome } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { HelpPlace } from "../help/HelpPlace";
import { HomeChoice } from "./HomeChoice";
import classes from "./Layout.module.css";
import { NewVersion } from "./NewVersion";

const places = [
  { to: "/", word: "app.home", adult: false, Icon: IconHome },
  { to: "/tv", word: "tv.place", adult: true, Icon: IconDeviceTv },
  { to: "/activity", word: "app.activity", adult: true, Icon: IconActivity },
] as const;

type Props = { me: Me; current: Me["homes"][number]; choose: (id: string) => void; children: ReactNode };

/** A bottom bar on a phone, a rail on a wide screen; one column between. Settings and members are behind the avatar. */
export function Layout({ me, current, choose, children }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        {t("app.skip")}
      </a>
      <nav aria-label={t("app.settings")}>
        <Link to="/settings" className={classes.me}>
          <span className={classes.avatar} aria-hidden>
            {[...me.member.name.trim()][0]?.toUpperCase() ?? "·"}
          </span>
          <span className={classes.settings}>{t("app.settings")}</span>
        </Link>
      </nav>
      <nav className={classes.bar} aria-label={t("app.places")}>
        <div className={classes.brand}>
          <img src="/icon.svg" alt="" width={32} height={32} />
          <span>Carebox</span>
        </div>
        {places.filter(({ adult }) => !adult || current.role !== "child").map(({ to, word, Icon }) => (
          <Link key={to} to={to} className={classes.place} activeOptions={{ exact: to === "/" }}>
            <Icon size={24} stroke={1.75} aria-hidden />
            <span>{t(word)}</span>
          </Link>
        ))}
        <HelpPlace className={classes.place} home={current.id} />
      </nav>
      <main id="content" className={classes.column} tabIndex={-1}>
        <div className={classes.top}>
          <NewVersion />
          {me.homes.length > 1 && <HomeChoice homes={me.homes} current={current.id} choose={choose} />}
        </div>
        {children}
      </main>
    </div>
  );
}
