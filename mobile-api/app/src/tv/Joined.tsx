import { IconDeviceTv } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Radio, Station } from "../api/client";
import { KindIcon } from "../parts/KindIcon";
import { useHome } from "../shell/HomeContext";
import { holds, megabits } from "./rate";
import classes from "./Tv.module.css";
import { ownerOf, retriesOf, strengthOf } from "./who";

/** Who has joined a radio, and how well each is received; those with a place first. */
export function Joined({ radio }: { radio: Radio }) {
  const { t } = useTranslation();
  const { policy, reservations } = useHome().state;
  const held = (policy.reservations ?? []).filter(({ id }) => holds(reservations.find((row) => row.id === id)));
  const kept = new Set(held.flatMap(({ devices }) => devices));
  const rank = (station: Station) => (kept.has(ownerOf(station.mac, policy)?.id ?? "") ? 0 : 1);
  const stations = [...radio.stations].sort((a, b) => rank(a) - rank(b));
  return (
    <div>
      <h3 className={classes.small}>{t("tv.joined")}</h3>
      {stations.length === 0 && <p className={classes.quiet}>{t("tv.nobody")}</p>}
      <ul className={classes.joined}>
        {stations.map((station) => (
          <Row key={station.mac} station={station} radio={radio} kept={rank(station) === 0} />
        ))}
      </ul>
    </div>
  );
}

function Row({ station, radio, kept }: { station: Station; radio: Radio; kept: boolean }) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const device = ownerOf(station.mac, state.policy);
  const strength = strengthOf(station.signal);
  const retries = retriesOf(station);
  const bss = radio.bsses.find(({ interface: name }) => name === station.interface);
  const facts = [
    `${t("tv.signal")} ${t(`tv.signal_${strength}`)}`,
    t("tv.mbits", { n: megabits(station.txRate, words.reader) }),
    retries === null ? "" : `${t("tv.retries")} ${t("tv.percent", { n: retries })}`,
    bss?.exclusive ? t("tv.onlyFor") : "",
  ];
  return (
    <li data-kept={kept}>
      <KindIcon kind={device?.kind ?? "other"} size={24} />
      <div>
        <strong>
          {device?.name ?? t("tv.unnamed", { mac: station.mac.slice(-5) })}
          {kept && (
            <span className={classes.badge}>
              <IconDeviceTv size={14} aria-hidden /> {t("tv.tv_here")}
            </span>
          )}
        </strong>
        <small>{facts.filter(Boolean).join(" · ")}</small>
      </div>
      <span className={classes.bars} data-strength={strength} aria-hidden>
        <i />
        <i />
        <i />
      </span>
    </li>
  );
}
