import type { Hold, HomeState, Reservation, ReservationRow } from "../api/client";
import type { Context } from "../home/sentence";
import { clock, moment } from "../time/words";
import { radioOf } from "./draft";
import { megabits } from "./rate";
import { namesOf } from "./who";
import { whyWords } from "./why";

export type Tone = "online" | "applying" | "paused" | "problem" | "quiet";

/** What is true of one reservation, in a sentence. */
type Truth = { text: string; tone: Tone };

type Known = Context & { state: HomeState };

/** What the box has said, not what was asked; as asked only where it has said nothing yet. */
export function truthOf(row: ReservationRow, asked: Reservation | undefined, known: Known): Truth {
  const { t } = known;
  if (!asked) return { text: t("tv.leaving"), tone: "applying" };
  if (row.inForce && !(row.inForce.state === "idle" && row.live)) return held(row.inForce, asked, { ...known, row });
  return pending(row, known);
}

/** Asked, and the box has not said anything about it. */
function pending(row: ReservationRow, { t, state, now, reader }: Known): Truth {
  if (!row.live) return { text: begins(row, { t, now, reader }), tone: "quiet" };
  switch (state.delivery) {
    case "no-box":
      return { text: t("tv.noBox"), tone: "paused" };
    case "waiting-for-box":
      return { text: t("tv.waiting"), tone: "paused" };
    case "refused":
      return { text: t("tv.notTaken"), tone: "problem" };
  }
  return { text: t("tv.asked", { time: clock(new Date(state.asked.at), reader) }), tone: "applying" };
}

function begins({ changes }: ReservationRow, { t, now, reader }: Pick<Context, "t" | "now" | "reader">): string {
  return changes ? t("tv.begins", { time: moment(new Date(changes), now, reader) }) : t("tv.idle");
}

function held(hold: Hold, asked: Reservation, known: Known & { row: ReservationRow }): Truth {
  const { t, now, reader, row } = known;
  const at = (text: string) => moment(new Date(text), now, reader);
  const values = { channel: hold.channel ?? 0, wanted: asked.channel ?? 0, name: nameOf(asked, known), since: at(hold.since) };
  switch (hold.state) {
    case "in-force":
      return { text: kept(hold, values, known), tone: "online" };
    case "idle":
      return { text: begins(row, known), tone: "quiet" };
    case "moved":
      return { text: moved(hold, values, known), tone: "paused" };
    case "applying":
      return { text: applying(hold, asked, known), tone: "applying" };
    case "delayed":
      return { text: t("tv.delayed", values), tone: "paused" };
    case "checking":
      return { text: checking(asked, values, known), tone: "applying" };
    case "rolled-back":
      return { text: rolledBack(hold, values, t), tone: "problem" };
    case "refused":
      return { text: t("tv.refused", { reason: whyWords(hold.why ?? "", t) }), tone: "problem" };
    case "partly":
      return { text: partly(hold, asked, { ...known, values }), tone: "paused" };
  }
}

export function nameOf(asked: Reservation, { t, policy, reader }: Pick<Context, "t" | "policy" | "reader">): string {
  return asked.name || namesOf(asked.devices, policy, reader, t("activity.someone"));
}

type Values = { channel: number; wanted: number; name: string; since: string };

/** "Channel 44 kept for the TV since 18:02 · 25 Mbit/s held". */
function kept({ channel, floorDown, floorUp }: Hold, values: Values, { t, reader }: Known): string {
  const rate = megabits(floorDown || floorUp || 0, reader);
  if (!channel) return t("tv.heldLine", { ...values, rate });
  return floorDown || floorUp ? t("tv.heldBoth", { ...values, rate }) : t("tv.heldChannel", values);
}

function moved({ why, returns }: Hold, values: Values, { t, now, reader }: Known): string {
  const time = returns ? moment(new Date(returns), now, reader) : "";
  if (why === "radar") return time ? t("tv.radar", { ...values, time }) : t("tv.radarNoEnd", values);
  const reason = whyWords(why ?? "", t);
  return time ? t("tv.moved", { ...values, reason, time }) : t("tv.movedNoEnd", { ...values, reason });
}

function applying({ why, returns }: Hold, { band }: Reservation, { t, now, reader }: Known): string {
  if (why) return whyWords(why, t);
  if (!band) return t("tv.applyingLine");
  return returns ? t("tv.applyingUntil", { time: moment(new Date(returns), now, reader) }) : t("tv.applying");
}

function checking(asked: Reservation, values: Values, { t, state, reader }: Known): string {
  const until = radioOf(state.radios, asked.band || null)?.until;
  return until ? t("tv.checkingUntil", { ...values, time: clock(new Date(until), reader) }) : t("tv.checking", values);
}

function rolledBack({ why }: Hold, values: Values, t: Context["t"]): string {
  if (why === "cloud-lost") return t("tv.cloudLost", values);
  if (why === "switch-refused") return t("tv.switchRefused", values);
  return t(values.wanted ? "tv.rolledBack" : "tv.rolledBackBest", values);
}

/** Which half is missing. */
function partly(hold: Hold, asked: Reservation, known: Known & { values: Values }): string {
  const { t, reader } = known;
  const { channel, floorDown = 0, floorUp = 0 } = hold;
  const values = {
    ...known.values, reason: whyWords(hold.why ?? "", t), rate: megabits(floorDown || floorUp, reader),
    whole: megabits(floorDown ? (asked.floorDown ?? 0) : (asked.floorUp ?? 0), reader),
  };
  const some = floorDown + floorUp > 0;
  if (asked.band && !channel) return t(some ? "tv.noChannel" : "tv.noChannelOnly", values);
  if (floorDown >= (asked.floorDown ?? 0) && floorUp >= (asked.floorUp ?? 0)) return t("tv.partly", values);
  if (some) return t("tv.lessFloor", values);
  return t(channel ? "tv.noFloor" : "tv.noFloorLine", values);
}
