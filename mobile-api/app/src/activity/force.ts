import type { HistoryEntry, HomeState } from "../api/client";
import type { Context } from "../home/sentence";
import { dateOf, dateWords, exactClock } from "../time/words";

type Words = Pick<Context, "t" | "reader">;
type Home = Pick<HomeState, "box" | "inForce">;

/** How far one decision has come: in force and since when, never because a newer one took its place, or not yet. */
export function forceWords(entry: HistoryEntry, home: Home, { t, reader }: Words): string {
  if (entry.superseded) return t("activity.superseded");
  if (entry.applied) {
    const at = new Date(entry.applied);
    const date = dateOf(at, reader.zone);
    const later = date !== dateOf(new Date(entry.at), reader.zone); // a box that was away takes it when it is back
    return t(later ? "activity.inForceOn" : "activity.inForce", { date: dateWords(date, reader, "short"), time: exactClock(at, reader) });
  }
  const proved = home.inForce?.revision ?? 0;
  return home.box && entry.revision > proved ? t("activity.notYet") : ""; // of what is older the time was not kept
}
