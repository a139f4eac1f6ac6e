import { expect, it } from "vitest";
import terms from "../../../../policies/guides/vocabulary.json";
import { type BoxQuery, judge } from "./measure";

const query = (kind: string, data: object, over: object = {}): BoxQuery =>
  ({ id: "q", kind, args: {}, seconds: 20, asked: "", state: "done", count: 2, results: [{ seq: 1, data: {} }, { seq: 2, data }], ...over }) as unknown as BoxQuery;
const reader = { locale: "en-GB" };

it.each([
  ["ping", { sent: 10, received: 10, avg: 12.4 }, "good", { n: "12", lost: "0" }],
  ["ping", { sent: 10, received: 10, avg: 400 }, "slow", { n: "400", lost: "0" }],
  ["ping", { sent: 10, received: 8, avg: 20 }, "lossy", { n: "20", lost: "20" }],
  ["ping", { sent: 10, received: 0 }, "none", undefined],
  ["ping", {}, "unknown", undefined],
  ["dns", { code: "NOERROR", rtt: 0.2 }, "good", { n: "1" }],
  ["dns", { code: "TIMEOUT" }, "failed", undefined],
  ["http", { status: 200, total: 90 }, "good", { n: "90" }],
  ["http", { status: 0, error: "connect" }, "failed", undefined],
  ["speed", { rate: 84_000_000 }, "fast", { rate: "84" }],
  ["speed", { rate: 2_500_000 }, "slow", { rate: "2.5" }],
  ["speed", { rate: "much" }, "unknown", undefined],
  ["log", {}, "unknown", undefined],
])("%s %o is %s", (kind, data, answer, values) => {
  const found = judge(query(kind, data), reader);
  expect(found).toEqual(values ? { answer, values } : { answer });
  if (kind === "log") return;
  const term = terms.queries[kind as keyof typeof terms.queries];
  expect(term.outcomes).toContain(answer);
  for (const value of Object.keys(values ?? {})) expect(term.values).toContain(value);
});

it("what was not answered to its end is not known", () => {
  const good = { sent: 10, received: 10, avg: 12 };
  for (const over of [{ state: "lost" }, { state: "running" }, { error: "busy" }, { results: [] }]) {
    expect(judge(query("ping", good, over), reader)).toEqual({ answer: "unknown" });
  }
});
