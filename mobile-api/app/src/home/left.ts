import { keep } from "../shell/keep";

const key = "carebox.twins";

/** What was answered on this phone: "no" for one pair, "leave" for one address, so that neither is asked again. */
type Answers = Record<string, "no" | "leave">;

function read(): Answers {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "{}") ?? {}) as Answers;
  } catch {
    return {};
  }
}

export function answered(mac: string, device: string): boolean {
  const known = read();
  return known[mac] === "leave" || known[`${mac} ${device}`] === "no";
}

export function sayNo(mac: string, device: string): void {
  keep(key, JSON.stringify({ ...read(), [`${mac} ${device}`]: "no" }));
}

/** Whose it is was left open for good; naming it stays possible. */
export function isLeft(mac: string): boolean {
  return read()[mac] === "leave";
}

export function leaveAlone(mac: string): void {
  keep(key, JSON.stringify({ ...read(), [mac]: "leave" }));
}
