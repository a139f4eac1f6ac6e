import { keep } from "../shell/keep";

const key = "carebox.stopped";
const most = 20;

type Store = Pick<Storage, "getItem" | "setItem">;

/** Sessions that were stopped on this phone: they stay so here whatever the line does, also over a restart. */
export function readStopped(store: Store = localStorage): ReadonlySet<string> {
  try {
    const list: unknown = JSON.parse(store.getItem(key) ?? "[]");
    return new Set(Array.isArray(list) ? list.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}

/** Keeps the newest; where the phone keeps nothing, a stop holds as long as the app is open. */
export function keepStopped(stopped: ReadonlySet<string>, store: Store = localStorage): void {
  keep(key, JSON.stringify([...stopped].slice(-most)), store);
}
