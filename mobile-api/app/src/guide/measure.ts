import type { components } from "../api/schema.gen";
import type { Reader } from "../time/words";
import { mega, megabits } from "../tv/rate";
import type { QueryName } from "./tree";
import type { Found } from "./walk";

export type BoxQuery = components["schemas"]["BoxQuery"];
type Data = Record<string, unknown>;

const late = 150; // ms there and back
const lossy = 5; // %
const slowLine = 10 * mega;
const unknown: Found = { answer: "unknown" };

/** What the results of a query come to: the last one sums up. What was not answered is not known, and never a fault of the line. */
export function judge(query: BoxQuery, reader: Pick<Reader, "locale">): Found {
  const last = query.results.at(-1)?.data as Data | undefined;
  if (query.state !== "done" || query.error || !last) return unknown;
  const judges: Record<QueryName, (data: Data) => Found> = { ping, dns, http, speed: (data) => speed(data, reader) };
  const made = judges[query.kind as QueryName] as ((data: Data) => Found) | undefined;
  return made ? made(last) : unknown;
}

const numberOf = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);
const ms = (value: unknown) => ({ n: String(Math.max(1, Math.round(numberOf(value)))) });

function ping({ sent, received, avg }: Data): Found {
  const [out, back] = [numberOf(sent), numberOf(received)];
  if (out === 0) return unknown;
  if (back === 0) return { answer: "none" }; // many do not answer at all
  const lost = Math.round((100 * (out - back)) / out);
  if (lost >= lossy) return { answer: "lossy", values: { ...ms(avg), lost: String(lost) } };
  return { answer: numberOf(avg) > late ? "slow" : "good", values: { ...ms(avg), lost: String(lost) } };
}

function dns({ code, rtt }: Data): Found {
  return code === "NOERROR" ? { answer: "good", values: ms(rtt) } : { answer: "failed" };
}

function http({ status, error, total }: Data): Found {
  return numberOf(status) > 0 && !error ? { answer: "good", values: ms(total) } : { answer: "failed" };
}

function speed({ rate }: Data, reader: Pick<Reader, "locale">): Found {
  const bits = numberOf(rate);
  if (bits === 0) return unknown;
  return { answer: bits < slowLine ? "slow" : "fast", values: { rate: megabits(bits, reader) } };
}
