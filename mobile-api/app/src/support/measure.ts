import type { TFunction } from "i18next";
import type { BoxQuery, BoxQuestion } from "../api/client";

export type Kind = BoxQuestion["kind"];

/** What a measurement needs to be told, if anything. */
type Wants = { field: "host" | "name" | "url"; first: string } | { field: "direction"; first: "down" | "up" } | null;

export const kinds: Record<Kind, Wants> = {
  ping: { field: "host", first: "" },
  stations: null,
  speed: { field: "direction", first: "down" },
  survey: null,
  traceroute: { field: "host", first: "" },
  dns: { field: "name", first: "" },
  http: { field: "url", first: "https://" },
  neighbours: null,
  firewall: null,
  shaper: null,
  log: null,
  bundle: null,
};

export function questionOf(kind: Kind, told: string): BoxQuestion {
  const wants = kinds[kind];
  return { kind, seconds: 30, ...(wants ? { args: { [wants.field]: told.trim() } } : {}) };
}

export function isReady(kind: Kind, told: string): boolean {
  return kinds[kind] === null || /[^\s:/]/.test(told.replace(/^https?:/, ""));
}

type Data = Record<string, unknown>;
type Own = Pick<BoxQuery, "kind" | "state" | "error" | "results">;

const number = (value: unknown) => (typeof value === "number" ? value : 0);
const text = (value: unknown) => (typeof value === "string" ? value : "");
const list = (value: unknown) => (Array.isArray(value) ? (value as Data[]) : []);
const mega = (value: unknown) => (number(value) / 1e6).toFixed(1);
const ms = (value: unknown) => number(value).toFixed(number(value) < 1 ? 2 : 1); // a box answers itself in a tenth of one

/** One plain sentence of what a measurement says; "" while it says nothing yet. */
export function verdict({ kind, state, error, results }: Own, t: TFunction<"support">): string {
  if (error) return t("measure.refused", { why: t(`measure.error_${error}`) });
  if (state === "lost") return t("measure.lost");
  if (state === "cancelled") return t("measure.cancelled");
  const last: Data = results.at(-1)?.data ?? {};
  if (state === "running" || results.length === 0) return "";
  switch (kind) {
    case "ping":
      if (number(last.received) === 0) return t("measure.ping_none", { n: number(last.sent) });
      return t("measure.ping", { sent: number(last.sent), received: number(last.received), avg: ms(last.avg), max: ms(last.max) });
    case "traceroute":
      return t(last.reached === true ? "measure.route" : "measure.route_none", { n: number(last.hops) });
    case "dns":
      return t("measure.dns", { code: text(last.code), ms: ms(last.rtt), n: list(last.answers).length });
    case "http":
      return number(last.status) > 0 ? t("measure.http", { status: number(last.status), ms: ms(last.total) }) : t("measure.http_none", { why: text(last.error) });
    case "speed":
      return t(last.direction === "up" ? "measure.speed_up" : "measure.speed_down", { rate: mega(last.rate) });
    case "stations":
      return t("measure.stations", { n: results.reduce((sum, { data }) => sum + list((data as Data).stations).length, 0) });
    case "neighbours":
      return t("measure.neighbours", { n: results.reduce((sum, { data }) => sum + list((data as Data).neighbours).length, 0) });
    default:
      return t("measure.done");
  }
}

/** What came back, a line each; texts as they are. */
export function linesOf(kind: Kind, results: BoxQuery["results"]): string[] {
  return results.flatMap(({ data }) => lines(kind, data as Data));
}

function lines(kind: Kind, data: Data): string[] {
  switch (kind) {
    case "firewall":
    case "shaper":
    case "bundle":
      return text(data.text) === "" ? [] : [`# ${text(data.name)}`, ...text(data.text).trimEnd().split("\n")];
    case "stations":
      return list(data.stations).map((one) => flat({ radio: data.radio, channel: data.channel, ...one }));
    case "survey":
      return list(data.channels).map((one) => flat({ radio: data.radio, ...one }));
    case "neighbours":
      return list(data.neighbours).map(flat);
    case "log":
      return list(data.lines).map(({ fields, ...one }) => `${Object.values(one).map(String).join("  ")}  ${flat((fields ?? {}) as Data)}`.trim());
    default: {
      const line = flat(data);
      return line === "" ? [] : [line];
    }
  }
}

/** "mac aa:bb · signal -61": what is flat as it is, what is not as JSON. */
function flat(data: Data): string {
  return Object.entries(data)
    .map(([key, value]) => `${key} ${typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)}`)
    .join(" · ");
}
