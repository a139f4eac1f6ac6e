import type { Reservation } from "../api/client";
import { endWords, type Context } from "../home/sentence";
import { clock, dayRange, type Reader, wall } from "../time/words";
import type { Cell } from "./channel";
import { megabits, qualityOf } from "./rate";
import { type Span, spansOf, whenOf } from "./span";
import { nameOf } from "./truth";

/** "5 GHz", "2,4 GHz" as the reader writes it. */
export function bandWords(band: string, { locale }: Pick<Reader, "locale">): string {
  return `${new Intl.NumberFormat(locale).format(parseFloat(band))}\u00a0GHz`;
}

/** What was asked for, a line for each part of it. */
export function askedWords(asked: Reservation, words: Context): string[] {
  return [rateWords(asked, words), placeWords(asked, words), ...whenWords(asked, words)];
}

function rateWords({ floorDown = 0, floorUp = 0 }: Reservation, { t, reader }: Context): string {
  const quality = qualityOf(floorDown);
  const rate = megabits(floorDown, reader);
  const down = quality ? t("tv.asked_quality", { quality: t(`tv.quality_${quality}`), rate }) : t("tv.asked_rate", { rate });
  const up = floorUp > 0 ? t("tv.asked_up", { rate: megabits(floorUp, reader) }) : "";
  const all = [floorDown > 0 ? down : "", up].filter(Boolean);
  return all.length > 0 ? all.join(" · ") : t("tv.quality_none");
}

function placeWords(asked: Reservation, words: Context): string {
  const { t, reader } = words;
  const { band, channel, width = 0, exclusive, fallback = [] } = asked;
  if (!band) return t("tv.asked_wired");
  const values = { band: bandWords(band, reader), channel: channel ?? 0, width };
  const channels = new Intl.ListFormat(reader.locale, { type: "disjunction" }).format(fallback.map(String));
  return [
    t(channel ? "tv.asked_channel" : "tv.asked_best", values),
    exclusive ? t("tv.asked_exclusive", { name: nameOf({ ...asked, name: "" }, words) }) : "",
    fallback.length > 0 ? t("tv.asked_fallback", { channels }) : "",
  ].filter(Boolean).join(" · ");
}

function whenWords({ windows }: Reservation, words: Context): string[] {
  const spans = spansOf(windows);
  const when = whenOf(spans);
  return when === "own" ? spans.map((span) => spanWords(span, words)) : [words.t(`tv.${when}`)];
}

function spanWords({ days, start, end }: Span, { t, reader }: Context): string {
  return t("rule.line", { days: dayRange(days, reader) || t("rule.everyDay"), start: wall(start, reader), end: endWords(end, { t, reader }) });
}

/** Everything that the picture says of a channel. */
export function cellWords({ channel, use, kept, wanted, fallback, closed }: Cell, words: Context): string[] {
  const { t, reader } = words;
  return [
    use === "primary" ? t("tv.cell_use") : use === "wide" ? t("tv.cell_wide") : "",
    kept ? t("tv.cell_kept", { name: nameOf(kept, words) }) : "",
    wanted ? t("tv.cell_wanted", { name: nameOf(wanted, words) }) : "",
    fallback ? t("tv.cell_fallback") : "",
    channel.busy >= 0 ? t("tv.cell_busy", { n: channel.busy }) : t("tv.cell_quiet"),
    closed ? t("tv.cell_heard", { time: clock(closed, reader) }) : channel.radar ? t("tv.cell_check") : "",
  ].filter(Boolean);
}
