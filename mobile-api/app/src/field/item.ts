import type { Refusal } from "../api/refusal";
import type { PhotoKind, Slot, Verdict } from "./visit";

/** What can be done during a visit, and what is told of it: the kinds of the server's steps, and photos. */
export type Deeds = {
  way: object;
  measure: object;
  tv: { mac: string };
  arrive: { present: string[] };
  bind: { box: string; scanned: string };
  swap: { box: string; reason: string };
  collect: { box: string; reason: string };
  decide: { item: string; decision: "skip" | "accept"; reason: string };
  room: { room: { name: string; verdict: Verdict } };
  note: { text: string };
  photo: { kind: PhotoKind; jpeg: string };
  sign: { name: string; drawing: string };
  absent: { reason: string; slot: Slot };
};
export type Kind = keyof Deeds;

type Of<K extends Kind> = {
  /** Made on the phone: the server takes one only once, however often it is sent. */
  id: string;
  /** In which order they were done; given by the store. */
  order: number;
  member: string;
  visit: string;
  /** When it was done, by the phone's clock. */
  at: string;
  kind: K;
  told: Deeds[K];
  refused?: Refused;
};

/** One thing that was done and has not been sent yet, or that the server refused. */
export type Item = { [K in Kind]: Of<K> }[Kind];
export type NewItem = { [K in Kind]: Omit<Of<K>, "order" | "refused"> }[Kind];

/** Why the server does not want it, kept so that it can be told after a restart. */
export type Refused = { status: number; problem: Refusal["problem"] };

const told: Kind[] = ["photo", "sign", "bind", "arrive", "swap", "collect", "room", "note", "decide", "measure", "tv", "way", "absent"];

/** How many of each kind wait, in the order in which they are told. */
export function countKinds(items: readonly Item[]): { kind: Kind; count: number }[] {
  const counted = told.map((kind) => ({ kind, count: items.filter((item) => item.kind === kind).length }));
  return counted.filter(({ count }) => count > 0);
}
