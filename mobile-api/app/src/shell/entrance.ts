import type { Me } from "../api/client";

/** The app's doors: a family's home, technicians' visits, the console of those who help. */
export type Entrance = "home" | "field" | "support";

type Staff = NonNullable<Me["member"]["staff"]>;

/** Which of the operator's people a door is for. */
const doors: Record<Exclude<Entrance, "home">, readonly Staff[]> = {
  field: ["technician", "supervisor", "admin"],
  support: ["support", "supervisor", "admin"],
};

/** The doors that are open to a member, in the order in which they are offered. */
export function entrancesOf(me: Me): Entrance[] {
  const { staff } = me.member;
  const working = (Object.keys(doors) as (keyof typeof doors)[]).filter((door) => staff && doors[door].includes(staff));
  return me.homes.length > 0 ? ["home", ...working] : working;
}
