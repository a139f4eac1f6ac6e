const key = "carebox.stopped";
const most = 20;

/** Sessions that were stopped on this phone: they stay so here whatever the line does, also over a restart. */
export function readStopped(): ReadonlySet<string> {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return new Set(Array.isArray(list) ? list.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}

export function keepStopped(stopped: ReadonlySet<string>): void {
  sessionStorage.setItem(key, JSON.stringify([...stopped].slice(-most)));
}
