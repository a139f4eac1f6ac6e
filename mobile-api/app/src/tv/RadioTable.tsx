import { useTranslation } from "react-i18next";
import type { Radio } from "../api/client";
import outlook from "../outlook/Outlook.module.css";
import { useHome } from "../shell/HomeContext";
import type { Cell } from "./channel";
import { decibels, megabits } from "./rate";
import classes from "./Tv.module.css";
import { ownerOf, retriesOf } from "./who";
import { cellWords } from "./words";

type Props = { radio: Radio; cells: Cell[] };

/** The picture in figures: one table of channels, one of devices. */
export function RadioTable({ radio, cells }: Props) {
  const { t } = useTranslation();
  return (
    <details className={outlook.details}>
      <summary>{t("tv.table")}</summary>
      <Channels cells={cells} />
      {radio.stations.length > 0 && <Stations radio={radio} />}
    </details>
  );
}

function Channels({ cells }: { cells: Cell[] }) {
  const { t } = useTranslation();
  const { words } = useHome();
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={t("tv.colChannel")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("tv.colChannel")}</th>
            <th scope="col">{t("tv.colState")}</th>
            <th scope="col">{t("tv.colNeighbours")}</th>
            <th scope="col">{t("tv.colWidth")}</th>
            <th scope="col">{t("tv.colNoise")}</th>
            <th scope="col">{t("tv.colFrequency")}</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => {
            const { number, frequency, widths, busy, noise } = cell.channel;
            const state = cellWords({ ...cell, channel: { ...cell.channel, busy: -1 } }, words).filter((word) => word !== t("tv.cell_quiet"));
            return (
              <tr key={number}>
                <th scope="row">{number}</th>
                <td className={classes.long}>{state.join(", ")}</td>
                <td>{busy >= 0 ? t("tv.percent", { n: busy }) : "–"}</td>
                <td>{widths.length > 0 ? t("tv.mhz", { n: Math.max(...widths) }) : "–"}</td>
                <td>{noise < 0 ? t("tv.dbm", { n: decibels(noise) }) : "–"}</td>
                <td>{frequency}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Stations({ radio }: { radio: Radio }) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={t("tv.joined")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("tv.colDevice")}</th>
            <th scope="col">{t("tv.colNetwork")}</th>
            <th scope="col">{t("tv.signal")}</th>
            <th scope="col">{t("tv.colSpeed")}</th>
            <th scope="col">{t("tv.retries")}</th>
          </tr>
        </thead>
        <tbody>
          {radio.stations.map((station) => {
            const retries = retriesOf(station);
            return (
              <tr key={station.mac}>
                <th scope="row">{ownerOf(station.mac, state.policy)?.name ?? t("tv.unnamed", { mac: station.mac.slice(-5) })}</th>
                <td>{radio.bsses.find(({ interface: name }) => name === station.interface)?.ssid ?? ""}</td>
                <td>{station.signal ? t("tv.dbm", { n: decibels(station.signal) }) : "–"}</td>
                <td>{t("tv.mbits", { n: megabits(station.txRate, words.reader) })}</td>
                <td>{retries === null ? "–" : t("tv.percent", { n: retries })}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
