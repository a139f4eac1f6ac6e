import "fake-indexeddb/auto";
import { deleteDB } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refusal, Unreachable } from "../api/refusal";
import type { Item, NewItem } from "./item";
import { Outbox } from "./outbox";
import { Store } from "./store";

const name = "carebox-field-test";
let store: Store;
beforeEach(async () => {
  store = await Store.open(name);
});
afterEach(async () => {
  store.close();
  await deleteDB(name);
});

const note = (id: string, member = "m"): NewItem => ({ id, member, visit: "v", at: "2026-11-22T09:00:00Z", kind: "note", told: { text: id } });
const no = (status: number, code: string, wait?: string) =>
  new Refusal(new Response(null, { status, headers: wait ? { "Retry-After": wait } : {} }), { code });

/** A server that says what it is told to, and remembers what came. */
function server(answers: Record<string, unknown[]> = {}) {
  const came: string[] = [];
  const send = async ({ id }: Item) => {
    const says = answers[id]?.shift();
    if (says) throw says as Error;
    came.push(id);
  };
  return { came, send };
}

const made = (send: (item: Item) => Promise<void>, member = "m") => new Outbox({ store, member, send, pause: () => 1 });

describe("the outbox", () => {
  it("sends in order, and forgets what the server has", async () => {
    const { came, send } = server();
    const box = made(send);
    await box.start();
    for (const id of ["a", "b", "c"]) await box.add(note(id));
    await vi.waitFor(() => expect(came).toEqual(["a", "b", "c"]));
    await vi.waitFor(() => expect(box.get().items).toEqual([]));
    expect(await store.items("m")).toEqual([]);
  });

  it("keeps everything in order while nobody answers, and sends it when somebody does", async () => {
    const gone = () => new Unreachable(null);
    const { came, send } = server({ a: [gone(), gone(), gone()] });
    const box = made(send);
    await box.start();
    await box.add(note("a"));
    await box.add(note("b"));
    await vi.waitFor(() => expect(came).toEqual(["a", "b"]));
  });

  it("says that nobody answers", async () => {
    const box = new Outbox({ store, member: "m", send: async () => { throw new Unreachable(null); }, pause: () => 60_000 });
    await box.start();
    await box.add(note("a"));
    await box.idle();
    expect(box.get()).toMatchObject({ halt: "offline", items: [{ id: "a" }], sending: null });
    box.stop();
  });

  it("outlives the app", async () => {
    const box = new Outbox({ store, member: "m", send: async () => { throw new Unreachable(null); }, pause: () => 60_000 });
    await box.start();
    await box.add(note("a"));
    await box.add(note("b"));
    await box.idle();
    box.stop();
    store.close();

    store = await Store.open(name);
    const { came, send } = server();
    const next = made(send);
    await next.start();
    await vi.waitFor(() => expect(came).toEqual(["a", "b"]));
  });

  it("keeps what is refused with the reason, and goes on with the rest", async () => {
    const { came, send } = server({ a: [no(422, "invalid")] });
    const box = made(send);
    await box.start();
    await box.add(note("a"));
    await box.add(note("b"));
    await vi.waitFor(() => expect(came).toEqual(["b"]));
    await box.idle();
    const [kept] = await store.items("m");
    expect(kept).toMatchObject({ id: "a", refused: { status: 422, problem: { code: "invalid" } } });
    expect(box.get().items).toEqual([kept]);

    await box.retry(kept as Item);
    await vi.waitFor(() => expect(came).toEqual(["b", "a"]));
    await vi.waitFor(() => expect(box.get().items).toEqual([]));
  });

  it("takes a refused thing away when it is told to", async () => {
    const { send } = server({ a: [no(409, "order-state")] });
    const box = made(send);
    await box.start();
    await box.add(note("a"));
    await vi.waitFor(() => expect(box.get().items[0]?.refused?.status).toBe(409));
    await box.discard(box.get().items[0] as Item);
    expect(box.get().items).toEqual([]);
    expect(await store.items("m")).toEqual([]);
  });

  it("stops at the door when nobody is signed in any more, and loses nothing", async () => {
    const { came, send } = server({ a: [no(401, "signed-out")] });
    const box = made(send);
    await box.start();
    await box.add(note("a"));
    await box.idle();
    expect(box.get()).toMatchObject({ halt: "signed-out", items: [{ id: "a" }] });
    box.wake(); // signed in again
    await vi.waitFor(() => expect(came).toEqual(["a"]));
    await vi.waitFor(() => expect(box.get().halt).toBeNull());
  });

  it("says that a second factor is missing", async () => {
    const { send } = server({ a: [no(403, "second-factor")] });
    const box = made(send);
    await box.start();
    await box.add(note("a"));
    await box.idle();
    expect(box.get().halt).toBe("second-factor");
  });

  it("comes back later when the server asks for patience", async () => {
    const { came, send } = server({ a: [no(503, "unavailable"), no(429, "too-many-requests")] });
    const box = made(send);
    await box.start();
    await box.add(note("a"));
    await vi.waitFor(() => expect(came).toEqual(["a"]));
  });

  it("shows nobody what another has not sent yet", async () => {
    const mine = new Outbox({ store, member: "m", send: async () => { throw new Unreachable(null); }, pause: () => 60_000 });
    await mine.start();
    await mine.add(note("a"));
    await mine.idle();
    mine.stop();
    const { came, send } = server();
    const theirs = made(send, "n");
    await theirs.start();
    await theirs.idle();
    expect(came).toEqual([]);
    expect(theirs.get().items).toEqual([]);
  });
});
