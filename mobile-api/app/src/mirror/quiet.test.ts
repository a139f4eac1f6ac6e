import type { eventWithTime } from "@rrweb/types";
import { expect, it } from "vitest";
import { quiet } from "./quiet";

const event = (data: object) => ({ type: 3, timestamp: 0, data }) as unknown as eventWithTime;
const input = (id: number, text: string) => event({ source: 5, id, text, isChecked: false });
const texts = (...list: { id: number; value: string }[]) => event({ source: 0, texts: list, attributes: [], removes: [], adds: [] });

const nodes: Record<number, string> = { 1: "INPUT", 2: "P", 3: "TEXTAREA", 4: "#document" };
const page = (id: number) => (nodes[id] ? { nodeName: nodes[id] } : null);

it("tells once that something was typed, however many keys it took", () => {
  const calm = quiet(page);
  expect(["•••", "•••", "•••", "", "•••"].map((text) => calm.pass(input(1, text)).length)).toEqual([1, 0, 0, 1, 1]);
  expect(calm.pass(input(2, "•••"))).toHaveLength(1);
  calm.forget();
  expect(calm.pass(input(1, "•••"))).toHaveLength(1);
});

it("tells a hidden text once, and the others beside it", () => {
  const calm = quiet(page);
  expect(calm.pass(texts({ id: 1, value: "•••" }))).toHaveLength(1);
  expect(calm.pass(texts({ id: 1, value: "•••" }))).toHaveLength(0);
  expect(calm.pass(texts({ id: 1, value: "•••" }, { id: 2, value: "Settings" }))).toEqual([texts({ id: 2, value: "Settings" })]);
});

it("tells again what is put into the page anew", () => {
  const calm = quiet(page);
  const node = { type: 2, id: 2, childNodes: [{ type: 3, id: 1 }] };
  const put = event({ source: 0, texts: [], attributes: [], removes: [], adds: [{ parentId: 4, nextId: null, node }] });
  expect(calm.pass(texts({ id: 1, value: "Home" }))).toHaveLength(1);
  expect(calm.pass(put)).toHaveLength(1);
  expect(calm.pass(texts({ id: 1, value: "Home" }))).toHaveLength(1);
});

it("does not tell how far a field is scrolled, nor how tall it is", () => {
  const calm = quiet(page);
  const scroll = (id: number) => event({ source: 3, id, x: 20, y: 0 });
  expect([1, 2, 3, 4, 5].filter((id) => calm.pass(scroll(id)).length > 0)).toEqual([2, 4]); // the fifth is gone, and may have been a field
  const grown = (...ids: number[]) => event({ source: 0, texts: [], attributes: ids.map((id) => ({ id, attributes: { style: "height: 9px;" } })), removes: [], adds: [] });
  expect(calm.pass(grown(3))).toEqual([]);
  expect(calm.pass(grown(1, 2, 3, 5))).toEqual([grown(1, 2)]);
});
