import type { eventWithTime } from "@rrweb/types";
import { expect, it } from "vitest";
import { quiet } from "./quiet";

const event = (data: object) => ({ type: 3, timestamp: 0, data }) as unknown as eventWithTime;
const input = (id: number, text: string) => event({ source: 5, id, text, isChecked: false });
const texts = (...list: { id: number; value: string }[]) => event({ source: 0, texts: list, attributes: [], removes: [], adds: [] });

it("tells once that something was typed, however many keys it took", () => {
  const calm = quiet();
  expect(["•••", "•••", "•••", "", "•••"].map((text) => calm.pass(input(1, text)).length)).toEqual([1, 0, 0, 1, 1]);
  expect(calm.pass(input(2, "•••"))).toHaveLength(1);
  calm.forget();
  expect(calm.pass(input(1, "•••"))).toHaveLength(1);
});

it("tells a hidden text once, and the others beside it", () => {
  const calm = quiet();
  expect(calm.pass(texts({ id: 1, value: "•••" }))).toHaveLength(1);
  expect(calm.pass(texts({ id: 1, value: "•••" }))).toHaveLength(0);
  expect(calm.pass(texts({ id: 1, value: "•••" }, { id: 2, value: "Settings" }))).toEqual([texts({ id: 2, value: "Settings" })]);
});
