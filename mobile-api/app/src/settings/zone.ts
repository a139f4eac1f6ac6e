import type { Row } from "../api/client";

/** "Paris (Europe)" of "Europe/Paris". */
export function zoneName(zone: string): string {
  const parts = zone.replaceAll("_", " ").split("/");
  const city = parts.pop() ?? zone;
  return parts.length > 0 ? `${city} (${parts.join(", ")})` : city;
}

/** The zones whose name has all the words, at most so many. */
export function zonesLike(text: string, most: number): string[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  return Intl.supportedValuesOf("timeZone")
    .filter((zone) => words.every((word) => plain(zoneName(zone)).includes(word)))
    .slice(0, most);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** When a device is next cut after an instant. */
export function nextCut(rows: readonly Row[], device: string, now: Date): Date | null {
  const cut = rows.find((row) => row.device === device && !row.online && Date.parse(row.from) > now.getTime());
  return cut ? new Date(cut.from) : null;
}
