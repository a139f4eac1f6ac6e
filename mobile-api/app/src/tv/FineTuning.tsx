import { Chip, NativeSelect } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Channel, Radio } from "../api/client";
import outlook from "../outlook/Outlook.module.css";
import { useHome } from "../shell/HomeContext";
import { type Draft, fallbackOf, needsCheck, onChannel, radioOf, widthsOf } from "./draft";
import { MegabitInput } from "./RateField";
import classes from "./Sheet.module.css";
import type { FieldProps } from "./WhoField";
import { fieldsOf, Wrong } from "./Wrong";

type Props = FieldProps & { setDraft: (draft: Draft) => void };

/** What few need: the channel, its width, where to go on radar, speed upwards. Open where something of it is chosen. */
export function FineTuning({ draft, change, problems, setDraft }: Props) {
  const { t } = useTranslation();
  const { radios } = useHome().state;
  const radio = radioOf(radios, draft.band);
  const wrong = problems.some((problem) => fieldsOf(problem).name === "fallback");
  return (
    <>
      <details className={outlook.details} open={draft.channel > 0 || wrong || undefined}>
        <summary>{t("tv.fine")}</summary>
        <div className={classes.fine}>
          {radio && <ChannelChoice draft={draft} radio={radio} setDraft={setDraft} />}
          {radio && <WidthChoice draft={draft} radio={radio} setDraft={setDraft} />}
          {radio && <Fallback draft={draft} radio={radio} change={change} />}
          <Wrong problems={problems} of={["fallback"]} />
          <MegabitInput label={t("tv.rateUp")} value={draft.up} set={(up) => change({ up })} />
        </div>
      </details>
      {needsCheck(radio, draft.channel) && <Check draft={draft} change={change} />}
    </>
  );
}

type ChoiceProps = { draft: Draft; radio: Radio; setDraft: (draft: Draft) => void };

function ChannelChoice({ draft, radio, setDraft }: ChoiceProps) {
  const { t } = useTranslation();
  const { radios } = useHome().state;
  const name = ({ number, radar, busy }: Channel) => {
    const channel = t("tv.channelName", { channel: number });
    if (radar) return t("tv.channelRadar", { channel });
    return busy >= 0 ? t("tv.channelBusy", { channel, n: busy }) : channel;
  };
  return (
    <NativeSelect
      size="md"
      label={t("tv.channel")}
      value={String(draft.channel)}
      data={[
        { value: "0", label: t("tv.best") },
        ...radio.channels.map((channel) => ({ value: String(channel.number), label: name(channel) })),
        ...(draft.channel && !radio.channels.some(({ number }) => number === draft.channel)
          ? [{ value: String(draft.channel), label: t("tv.channelName", { channel: draft.channel }) }]
          : []),
      ]}
      onChange={(event) => setDraft(onChannel(draft, radios, Number(event.currentTarget.value)))}
    />
  );
}

function WidthChoice({ draft, radio, setDraft }: ChoiceProps) {
  const { t } = useTranslation();
  const widths = [...new Set([...widthsOf(radio, draft.channel), ...(draft.width ? [draft.width] : [])])].sort((a, b) => b - a);
  const choose = (width: number) =>
    setDraft({ ...draft, width, fallback: needsCheck(radio, draft.channel) ? fallbackOf(radio, draft.channel, width) : draft.fallback });
  return (
    <NativeSelect
      size="md"
      label={t("tv.width")}
      value={String(draft.width)}
      data={widths.map((width) => ({ value: String(width), label: t("tv.mhz", { n: width }) }))}
      onChange={(event) => choose(Number(event.currentTarget.value))}
    />
  );
}

/** Channels without radar to go to; in the order in which they were chosen. */
function Fallback({ draft, radio, change }: { draft: Draft; radio: Radio; change: FieldProps["change"] }) {
  const { t } = useTranslation();
  const id = useId();
  const free = radio.channels.filter(({ radar, number, widths }) => !radar && number !== draft.channel && widths.includes(draft.width));
  const toggle = (channel: number) =>
    change({
      fallback: draft.fallback.includes(channel) ? draft.fallback.filter((one) => one !== channel) : [...draft.fallback, channel],
    });
  if (radio.band === "2.4GHz" || free.length === 0) return null;
  return (
    <div role="group" aria-labelledby={id}>
      <h3 id={id} className={classes.label}>
        {t("tv.radarTitle")}
      </h3>
      <p className={classes.hint}>{t("tv.radarText")}</p>
      <div className={classes.chips}>
        {free.map(({ number }) => (
          <Chip key={number} size="md" checked={draft.fallback.includes(number)} onChange={() => toggle(number)}>
            {number}
          </Chip>
        ))}
      </div>
    </div>
  );
}

/** A channel that needs radar listening: when may the Wi-Fi be silent? */
function Check({ draft, change }: Pick<FieldProps, "draft" | "change">) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div role="radiogroup" aria-labelledby={id}>
      <h3 id={id} className={classes.label}>
        {t("tv.check")}
      </h3>
      <div className={classes.cards}>
        {[false, true].map((now) => (
          <label key={String(now)} className={classes.card}>
            <input type="radio" name={id} checked={draft.now === now} onChange={() => change({ now })} />
            <strong>{t(now ? "tv.checkNow" : "tv.checkIdle")}</strong>
          </label>
        ))}
      </div>
    </div>
  );
}
