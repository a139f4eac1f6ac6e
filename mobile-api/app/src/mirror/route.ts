/** Screens that an agent may bring a customer to, by the names that travel. */
const routeNames = ["home", "person", "device", "hours", "tv", "activity", "settings", "members", "help"] as const;
export type RouteName = (typeof routeNames)[number];
/** Screens as they are told to whoever looks, and in the account of what they saw. The server knows the same names. */
export const screenNames = [...routeNames, "case", "guide", "other"] as const;
export type ScreenName = (typeof screenNames)[number];
export type Params = { id?: string; kind?: string };

/**
 * Every screen of the app has a line here, or its test does not compile: its name, or null for those that nobody but the
 * customer opens (doors, other people's cases, the staff's own).
 */
const names = {
  "/": "home",
  "/person/$id": "person",
  "/device/$id": "device",
  "/hours/$kind/$id": "hours",
  "/tv": "tv",
  "/activity": "activity",
  "/settings": "settings",
  "/help": "help",
  "/help/case/$case": null,
  "/help/guide/$guide": null,
  "/members": "members",
  "/sign-in": null,
  "/join": null,
  "/enter": null,
  "/forgot": null,
  "/reset": null,
  "/support": null,
  "/field": null,
  "/field/": null,
  "/field/visit/$visit/$step": null,
} as const satisfies Record<string, RouteName | null>;

export type Path = keyof typeof names;

/** What those are called that nobody but the customer opens and that have a name all the same. */
const closed: Partial<Record<Path, ScreenName>> = { "/help/case/$case": "case", "/help/guide/$guide": "guide" };

const plain = /^[A-Za-z0-9_-]{1,64}$/;

/** Where a name leads, null for nowhere: a name that is not in the table, or parameters that are not what it needs. */
export function pathOf(route: unknown, params: unknown): string | null {
  const entry = Object.entries(names).find(([, name]) => name !== null && name === route);
  if (!entry) return null;
  const given = new Map(typeof params === "object" && params !== null ? Object.entries(params) : []);
  const wanted = [...entry[0].matchAll(/\$(\w+)/g)].map(([, name]) => name ?? "");
  if (given.size !== wanted.length) return null;
  let path: string = entry[0];
  for (const name of wanted) {
    const value: unknown = given.get(name);
    if (typeof value !== "string" || !plain.test(value)) return null;
    if (name === "kind" && value !== "person" && value !== "device" && value !== "home") return null;
    path = path.replace(`$${name}`, value);
  }
  return path;
}

/** The name of the screen at a path. */
export function nameOf(pathname: string): ScreenName {
  const found = Object.entries(names).find(([path]) => new RegExp(`^${path.replace(/\$\w+/g, "[^/]+")}/?$`).test(pathname));
  return found?.[1] ?? closed[found?.[0] as Path] ?? "other";
}
