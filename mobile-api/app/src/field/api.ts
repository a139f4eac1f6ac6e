import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";
import type { Item } from "./item";
import type { Visit } from "./visit";

type Schemas = components["schemas"];
type Step = Schemas["VisitStep"];

/** The visits of a day, whole, so that they can be begun without a network. */
export function fetchDay(day: string): Promise<Visit[]> {
  return answer(api.GET("/staff/visits", { params: { query: { from: day, to: day } } }));
}

export function fetchVisit(visit: string): Promise<Visit> {
  return answer(api.GET("/staff/visits/{visit}", { params: { path: { visit } } }));
}

/** Whose a box is; nothing changes by asking. */
export function askWhose(visit: string, text: string): Promise<Schemas["VisitScan"]> {
  return answer(api.POST("/staff/visits/{visit}/scan", { params: { path: { visit } }, body: { text } }));
}

/** Tells the server what was done. It may be told as often as it must. */
export async function sendItem(item: Item): Promise<Visit> {
  if (item.kind === "photo") return sendPhoto(item);
  const step: Step = { kind: item.kind, at: item.at, ...item.told };
  return (await takeStep(item.visit, item.id, step)).visit;
}

function sendPhoto({ id, visit, at, told }: Extract<Item, { kind: "photo" }>): Promise<Visit> {
  const jpeg = new Blob([Uint8Array.from(atob(told.jpeg), (letter) => letter.charCodeAt(0))], { type: "image/jpeg" });
  return answer(
    api.PUT("/staff/visits/{visit}/photos/{photo}", {
      params: { path: { visit, photo: id }, query: { kind: told.kind, at } },
      body: jpeg as unknown as string,
      bodySerializer: (body) => body as unknown as Blob,
      headers: { "Content-Type": "image/jpeg" },
    }),
  );
}

function takeStep(visit: string, step: string, body: Step): Promise<Schemas["VisitStepTaken"]> {
  return answer(api.PUT("/staff/visits/{visit}/steps/{step}", { params: { path: { visit, step } }, body }));
}

/** A way in for the first member; the one before is worth nothing then. */
export function invite(visit: string): Promise<Schemas["VisitStepTaken"]> {
  return takeStep(visit, crypto.randomUUID(), { kind: "invite", at: new Date().toISOString() });
}

/** Ends the visit: the report is made. Reason says why something is missing, "" where nothing is. */
export async function finish(visit: string, reason: string): Promise<Visit> {
  const step: Step = { kind: "finish", at: new Date().toISOString(), ...(reason && { reason }) };
  return (await takeStep(visit, crypto.randomUUID(), step)).visit;
}
