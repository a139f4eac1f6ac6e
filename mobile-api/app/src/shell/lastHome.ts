import type { Me } from "../api/client";

/** The home that a member looked at last on this phone: so that its loss can be told, also after a reload. */
export type LastHome = { member: string; id: string; name: string };

export const lastKey = "carebox.looked-at";

export function readLast(): LastHome | null {
  try {
    return JSON.parse(localStorage.getItem(lastKey) ?? "null") as LastHome | null;
  } catch {
    return null; // somebody else's writing
  }
}

/** The home that this member looked at and does not belong to any more. */
export function lostOf(me: Me, last: LastHome | null): LastHome | null {
  return last && last.member === me.member.id && !me.homes.some(({ id }) => id === last.id) ? last : null;
}

/** What is to be remembered: the same object where nothing is new. */
export function lookedAt(me: Me, home: Me["homes"][number], last: LastHome | null): LastHome {
  if (last && last.member === me.member.id && last.id === home.id && last.name === home.name) return last;
  return { member: me.member.id, id: home.id, name: home.name };
}
