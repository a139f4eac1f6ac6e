import type { Device, DeviceRow, HomeState, Policy, Radio, Reservation, Station } from "../api/client";
import { kindGuessed } from "../parts/KindIcon";
import type { Reader } from "../time/words";

const watched = ["tv", "console", "tablet", "computer", "laptop", "phone"];

/** Devices that a place may be kept for, those that show pictures first. */
export function viewersOf(policy: Policy): Device[] {
  const rank = ({ kind }: Device) => {
    const at = watched.indexOf(kind);
    return at < 0 ? watched.length : at;
  };
  return [...(policy.devices ?? [])].sort((a, b) => rank(a) - rank(b));
}

export function televisionsOf(policy: Policy): Device[] {
  return (policy.devices ?? []).filter(({ kind }) => kind === "tv");
}

/** What nobody has named and may be the TV, by what it calls itself. */
export function candidatesOf(state: HomeState): DeviceRow[] {
  const guess = (row: DeviceRow) => (kindGuessed(row.hostname) === "tv" ? 0 : 1);
  return state.devices.filter(({ id }) => id === null).sort((a, b) => guess(a) - guess(b)).slice(0, 4);
}

/** "TV", "TV and console". */
export function namesOf(ids: readonly string[], policy: Policy, { locale }: Pick<Reader, "locale">, gone: string): string {
  const names = ids.map((id) => policy.devices?.find((device) => device.id === id)?.name ?? gone);
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(names);
}

export function ownerOf(mac: string, policy: Policy): Device | undefined {
  return policy.devices?.find(({ macs }) => macs.includes(mac.toLowerCase()));
}

export type Joined = { radio: Radio; station: Station };

/** Where a device has joined; null for a wired one, or one that is away. */
export function joinedAs(device: Device | undefined, radios: readonly Radio[]): Joined | null {
  for (const radio of radios) {
    const station = radio.stations.find(({ mac }) => device?.macs.includes(mac.toLowerCase()));
    if (station) return { radio, station };
  }
  return null;
}

/** How many others would have to leave a channel that is kept for some devices alone. */
export function othersOn(radio: Radio, reservation: Pick<Reservation, "devices">, policy: Policy): number {
  return radio.stations.filter(({ mac }) => !reservation.devices.includes(ownerOf(mac, policy)?.id ?? "")).length;
}

/** As people say it: the box hears it well, fairly, badly. */
export function strengthOf(signal: number): "strong" | "fair" | "weak" | "unknown" {
  if (signal === 0) return "unknown";
  if (signal >= -60) return "strong";
  return signal >= -72 ? "fair" : "weak";
}

/** % of the frames to it that had to be said again; null before there are enough to tell. */
export function retriesOf({ retries, packets }: Station): number | null {
  return packets < 100 ? null : Math.round((100 * retries) / (packets + retries));
}
