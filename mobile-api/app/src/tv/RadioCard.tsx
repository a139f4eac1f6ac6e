import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Radio } from "../api/client";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { clock, moment } from "../time/words";
import { type Cell, cellsOf } from "./channel";
import { ChannelGrid, Legend } from "./ChannelGrid";
import { Joined } from "./Joined";
import { RadioTable } from "./RadioTable";
import { decibels } from "./rate";
import classes from "./Tv.module.css";
import { bandWords, cellWords } from "./words";

type Props = { radio: Radio; name: string; keep: (channel: number) => void };

/** One radio: where it is and why, its channels as a picture, who has joined, and all of it as tables. */
export function RadioCard({ radio, name, keep }: Props) {
  const { t } = useTranslation();
  const { state, words, locked } = useHome();
  const [chosen, setChosen] = useState<number | null>(null);
  const cells = cellsOf(radio, state.policy, state.reservations, words.now);
  const shown = cells.find(({ channel }) => channel.number === (chosen ?? radio.channel));
  return (
    <Section title={t("tv.band", { band: bandWords(radio.band, words.reader) })} hint={useStanding(radio)}>
      <ChannelGrid radio={radio} cells={cells} chosen={shown?.channel.number ?? 0} choose={setChosen} />
      <Legend cells={cells} />
      {shown && (
        <div className={classes.detail}>
          <Detail cell={shown} />
          {!shown.kept && !shown.wanted && !shown.closed && (
            <Button
              variant="default"
              h={44}
              disabled={locked !== null}
              title={locked ?? undefined}
              onClick={() => keep(shown.channel.number)}
            >
              {t("tv.useThis", { channel: shown.channel.number, name })}
            </Button>
          )}
        </div>
      )}
      <Joined radio={radio} />
      <RadioTable radio={radio} cells={cells} />
    </Section>
  );
}

/** Where the radio is now, in a sentence. */
function useStanding(radio: Radio): string {
  const { t } = useTranslation();
  const { now, reader } = useHome().words;
  if (radio.state === "down" || !radio.channel) return t("tv.down");
  if (radio.state === "radar-check") {
    return radio.until ? t("tv.silent", { time: clock(new Date(radio.until), reader) }) : t("tv.checking", { wanted: radio.channel });
  }
  const { channel, width, since, why } = radio;
  const place =
    since && why
      ? t("tv.using", { channel, width, time: moment(new Date(since), now, reader), why: t(`select.${why}`) })
      : t("tv.usingBare", { channel, width });
  return radio.load >= 0 ? `${place} · ${t("tv.load", { n: radio.load })}` : place;
}

function Detail({ cell }: { cell: Cell }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const { number, frequency, widths, power, noise } = cell.channel;
  const facts = [
    ...cellWords(cell, words),
    widths.length > 0 ? t("tv.detailWidths", { width: Math.max(...widths) }) : "",
    power > 0 ? t("tv.detailPower", { n: power }) : "",
    noise < 0 ? t("tv.detailNoise", { n: decibels(noise) }) : "",
  ];
  return (
    <p aria-live="polite">
      <strong>
        {t("tv.channelName", { channel: number })} · {frequency}&nbsp;MHz
      </strong>
      <br />
      {facts.filter(Boolean).join(" · ")}
    </p>
  );
}
