import { IconArrowBackUp, IconDeviceTv, IconFlag, IconRadar2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Radio } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { blocksOf, type Cell } from "./channel";
import classes from "./ChannelGrid.module.css";
import { bandWords, cellWords } from "./words";

type Props = { radio: Radio; cells: Cell[]; chosen: number; choose: (channel: number) => void };

/** The channels of a radio as a picture. One stop of the keyboard, arrows go from channel to channel. */
export function ChannelGrid({ radio, cells, chosen, choose }: Props) {
  const { t } = useTranslation();
  const { words } = useHome();
  return (
    <div className={classes.blocks} data-band={radio.band} role="radiogroup" aria-label={t("tv.band", { band: bandWords(radio.band, words.reader) })}>
      {blocksOf(cells, radio.band).map((block) => (
        <div key={block[0]?.channel.number} className={classes.block}>
          {block.map((cell) => {
            const { number, busy, radar } = cell.channel;
            const name = [t("tv.channelName", { channel: number }), ...cellWords(cell, words)].join(", ");
            return (
              <label key={number} className={classes.cell} data-use={cell.use} data-closed={cell.closed !== null} title={name}>
                <input
                  type="radio"
                  name={`channel-${radio.name}`}
                  checked={chosen === number}
                  aria-label={name}
                  onChange={() => choose(number)}
                />
                <b>{number}</b>
                <span className={classes.marks}>
                  {cell.kept && <IconDeviceTv size={16} aria-hidden />}
                  {cell.wanted && <IconFlag size={16} aria-hidden />}
                  {cell.fallback && <IconArrowBackUp size={16} aria-hidden />}
                  {(radar || cell.closed) && <IconRadar2 size={16} aria-hidden />}
                </span>
                <span className={classes.meter} aria-hidden>
                  <i style={{ width: `${Math.min(100, Math.max(0, busy))}%` }} />
                </span>
              </label>
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** What the marks of the picture mean; only those that are in it. */
export function Legend({ cells }: { cells: Cell[] }) {
  const { t } = useTranslation();
  const has = (test: (cell: Cell) => boolean) => cells.some(test);
  return (
    <ul className={classes.legend}>
      <li>
        <span className={classes.swatch} data-use="primary" /> {t("tv.legendUse")}
      </li>
      {has(({ kept }) => kept !== null) && (
        <li>
          <IconDeviceTv size={16} aria-hidden /> {t("tv.legendKept")}
        </li>
      )}
      {has(({ wanted }) => wanted !== null) && (
        <li>
          <IconFlag size={16} aria-hidden /> {t("tv.legendWanted")}
        </li>
      )}
      {has(({ fallback }) => fallback) && (
        <li>
          <IconArrowBackUp size={16} aria-hidden /> {t("tv.legendFallback")}
        </li>
      )}
      <li>
        <span className={classes.swatch} data-others /> {t("tv.legendOthers")}
      </li>
      {has(({ channel }) => channel.radar) && (
        <li>
          <IconRadar2 size={16} aria-hidden /> {t("tv.legendRadar")}
        </li>
      )}
      {has(({ closed }) => closed !== null) && (
        <li>
          <span className={classes.swatch} data-closed="true" /> {t("tv.legendHeard")}
        </li>
      )}
    </ul>
  );
}
