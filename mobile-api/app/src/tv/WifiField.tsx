import { Switch } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { type Draft, needsCheck, onBand, radioOf } from "./draft";
import classes from "./Sheet.module.css";
import { bandWords } from "./words";
import type { FieldProps } from "./WhoField";
import { joinedAs, othersOn } from "./who";
import { Wrong } from "./Wrong";

type Props = FieldProps & { setDraft: (draft: Draft) => void };

/** On which Wi-Fi, or by cable; and whether others are kept off. */
export function WifiField({ draft, change, problems, setDraft }: Props) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const { radios } = state;
  const id = useId();
  if (radios.length === 0 && !draft.band) {
    return <p className={classes.hint}>{t("tv.noBand")}</p>;
  }
  const bands = [...new Set([...radios.map(({ band }) => band), ...(draft.band ? [draft.band] : [])])].sort().reverse();
  return (
    <div>
      <div role="radiogroup" aria-labelledby={id}>
        <h3 id={id} className={classes.label}>
          {t("tv.where")}
        </h3>
        <div className={classes.cards}>
          {bands.map((band) => (
            <label key={band} className={classes.card}>
              <input type="radio" name={id} checked={draft.band === band} onChange={() => setDraft(onBand(draft, radios, band))} />
              <strong>{bandWords(band, words.reader)}</strong>
            </label>
          ))}
          <label className={classes.card}>
            <input type="radio" name={id} checked={draft.band === null} onChange={() => setDraft(onBand(draft, radios, null))} />
            <strong>{t("tv.wired")}</strong>
          </label>
        </div>
      </div>
      <Wrong problems={problems} of={["band", "channel", "width"]} />
      {draft.band ? <Joined draft={draft} /> : <p className={classes.hint}>{t("tv.wiredText")}</p>}
      {draft.band && (
        <Switch
          mt={10}
          size="md"
          checked={draft.exclusive}
          label={t("tv.exclusive")}
          description={t("tv.exclusiveText")}
          onChange={(event) => change({ exclusive: event.currentTarget.checked })}
        />
      )}
      {draft.band && draft.exclusive && radios.length === 1 && <p className={classes.hint}>{t("tv.oneRadio")}</p>}
    </div>
  );
}

/** Says so where the device is not on the Wi-Fi that is chosen. */
function Joined({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { policy, radios } = useHome().state;
  const device = policy.devices?.find(({ id }) => id === draft.devices[0]);
  if (!device || joinedAs(device, radios)?.radio.band === draft.band) return null;
  return <p className={classes.hint}>{t("tv.elsewhere", { name: device.name })}</p>;
}

/** What it costs the others, before anything is asked. */
export function Cost({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const { policy, radios } = state;
  const radio = radioOf(radios, draft.band);
  if (!radio || !draft.band) return null;
  const band = bandWords(draft.band, words.reader);
  const moves = draft.channel !== 0 && draft.channel !== radio.channel;
  const check = needsCheck(radio, draft.channel);
  const others = draft.exclusive ? othersOn(radio, draft, policy) : 0;
  const said = [
    moves || draft.channel === 0 ? t(check ? "tv.costCheck" : "tv.cost", { band }) : "",
    others > 0 ? t("tv.costMove", { count: others }) : "",
    moves || draft.channel === 0 ? t("tv.costBack") : "",
  ].filter(Boolean);
  return said.length > 0 ? <p className={classes.cost}>{said.join(" ")}</p> : null;
}
