import type { Device, DeviceRow, HomeState } from "../api/client";
import { kindGuessed } from "../parts/KindIcon";

/** Phones make such addresses up, one for each network, and sometimes anew: the second digit says so. */
export function isPrivate(mac: string): boolean {
  return /^[0-9a-f][26ae]/i.test(mac);
}

/**
 * The known device that an unnamed one may be under a new private address: not in the home now, and of the same name on the
 * network; else the only one of its kind whose own address is private and that has an owner. Null where nothing says so.
 */
export function twinOf(row: DeviceRow, state: HomeState): Device | null {
  if (row.id !== null || !isPrivate(row.mac)) return null;
  const away = state.devices.filter(({ id, present }) => id !== null && !present);
  const named = away.filter(({ hostname }) => hostname !== "" && hostname.toLowerCase() === row.hostname.toLowerCase());
  const kind = kindGuessed(row.hostname);
  const alike = away.filter((other) => kind !== "other" && other.kind === kind && other.person !== "" && isPrivate(other.mac));
  const [found, second] = named.length > 0 ? named : alike;
  if (!found || second) return null;
  return state.policy.devices?.find(({ id }) => id === found.id) ?? null;
}

/** The device with one address more: its hours, its owner and its history stay. */
export function joined(device: Device, mac: string): Device {
  return { ...device, macs: [...device.macs, mac] };
}
