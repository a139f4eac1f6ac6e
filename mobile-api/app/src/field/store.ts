import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Me } from "../api/client";
import type { Item, NewItem, Refused } from "./item";
import type { Skips, StepName } from "./step";
import type { Visit } from "./visit";

/** Where somebody is in a visit, what they left out, and what they have typed and not yet said. */
export type Place = { member: string; visit: string; step: StepName; opened: string; skips: Skips; drafts: Record<string, string> };

type Kept = { member: string; id: string; day: string; heard: string; visit: Visit };

interface Shelves extends DBSchema {
  item: { key: number; value: Item };
  visit: { key: [string, string]; value: Kept };
  place: { key: [string, string]; value: Place };
  me: { key: string; value: Me };
}

/** Under this key is who is signed in on this phone. */
const self = "self";

/**
 * What this phone keeps of visits until the server has it: in IndexedDB, so that it outlives a crash, an empty battery and a
 * sign-out. Everything is kept by member: who signs in on the same phone does not see another's.
 */
export class Store {
  private constructor(private readonly db: IDBPDatabase<Shelves>) {}

  static async open(name = "carebox-field"): Promise<Store> {
    const db = await openDB<Shelves>(name, 1, {
      upgrade: (made) => {
        made.createObjectStore("item", { keyPath: "order", autoIncrement: true });
        made.createObjectStore("visit", { keyPath: ["member", "id"] });
        made.createObjectStore("place", { keyPath: ["member", "visit"] });
        made.createObjectStore("me");
      },
    });
    return new Store(db);
  }

  close(): void {
    this.db.close();
  }

  /** Who is signed in: what the app remembers of that elsewhere is lost with a battery. Null: nobody any more. */
  async keepMe(me: Me | null): Promise<void> {
    if (me) await this.db.put("me", me, self);
    else await this.db.delete("me", self);
  }

  async me(): Promise<Me | undefined> {
    return this.db.get("me", self);
  }

  /** Keeps it, durably, before the screen goes on. */
  async add(item: NewItem): Promise<Item> {
    const tx = this.db.transaction("item", "readwrite", { durability: "strict" });
    const order = await tx.store.add(item as Item);
    await tx.done;
    return { ...item, order } as Item;
  }

  async items(member: string): Promise<Item[]> {
    return (await this.db.getAll("item")).filter((item) => item.member === member);
  }

  async remove(order: number): Promise<void> {
    await this.db.delete("item", order);
  }

  /** Notes why the server refused it; null to have it sent again. */
  async refuse(item: Item, refused: Refused | null): Promise<Item> {
    const noted = { ...item };
    if (refused) noted.refused = refused;
    else delete noted.refused;
    await this.db.put("item", noted);
    return noted;
  }

  /** Keeps the visits of a day in place of what was kept of it, and forgets days long gone that nothing waits for. */
  async keepDay(member: string, day: string, visits: Visit[]): Promise<void> {
    const waiting = new Set((await this.items(member)).map(({ visit }) => visit));
    const tx = this.db.transaction(["visit", "place"], "readwrite");
    const heard = new Date().toISOString();
    for (const old of await tx.objectStore("visit").getAll()) {
      const stale = old.member === member && old.day <= day && !waiting.has(old.id) && !visits.some(({ id }) => id === old.id);
      if (!stale) continue;
      await tx.objectStore("visit").delete([member, old.id]);
      await tx.objectStore("place").delete([member, old.id]);
    }
    for (const visit of visits) await tx.objectStore("visit").put({ member, id: visit.id, day, heard, visit });
    await tx.done;
  }

  async keepVisit(member: string, visit: Visit): Promise<void> {
    await this.db.put("visit", { member, id: visit.id, day: visit.slot.day, heard: new Date().toISOString(), visit });
  }

  /** What is kept of a day, and of days before it that something still waits for; null for nothing. */
  async day(member: string, day: string): Promise<{ visits: Visit[]; heard: Date } | null> {
    const waiting = new Set((await this.items(member)).map(({ visit }) => visit));
    const all = (await this.db.getAll("visit")).filter((kept) => kept.member === member && (kept.day === day || waiting.has(kept.id)));
    if (all.length === 0) return null;
    const heard = all.map((kept) => kept.heard).sort()[0] as string;
    return { visits: all.map(({ visit }) => visit), heard: new Date(heard) };
  }

  async visit(member: string, id: string): Promise<Visit | undefined> {
    return (await this.db.get("visit", [member, id]))?.visit;
  }

  async place(member: string, visit: string): Promise<Place | undefined> {
    return this.db.get("place", [member, visit]);
  }

  /** The visit that was on the screen last. */
  async lastPlace(member: string): Promise<Place | undefined> {
    const all = (await this.db.getAll("place")).filter((place) => place.member === member);
    return all.sort((a, b) => a.opened.localeCompare(b.opened)).at(-1);
  }

  async setPlace(place: Place): Promise<void> {
    await this.db.put("place", place);
  }
}
