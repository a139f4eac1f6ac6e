import { isSignedOut, Refusal, Unreachable } from "../api/refusal";
import type { Item, NewItem } from "./item";
import type { Store } from "./store";

/** Why nothing is being sent although something waits. */
type Halt = "offline" | "signed-out" | "second-factor" | null;

export type Outgoing = { items: readonly Item[]; halt: Halt; sending: string | null };

type Options = {
  store: Pick<Store, "items" | "add" | "remove" | "refuse">;
  member: string;
  send: (item: Item) => Promise<void>;
  /** Milliseconds until the next try after so many that failed. */
  pause?: (failures: number) => number;
};

const waits = (failures: number) => Math.min(60_000, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2);

/**
 * Sends what was done, one thing after the other in the order in which it was done, until the server has all of it. What it
 * refuses stays, with the reason, and does not hold up what comes after; without an answer everything waits and is sent again.
 */
export class Outbox {
  private now: Outgoing = { items: [], halt: null, sending: null };
  private readonly listeners = new Set<() => void>();
  private running: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly options: Options) {}

  readonly subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  readonly get = (): Outgoing => this.now;

  /** Finds what an earlier life left, and sends it. */
  async start(): Promise<void> {
    this.stopped = false;
    this.tell({ items: await this.options.store.items(this.options.member) });
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Resolves once it is kept, not once it is sent. */
  async add(item: NewItem): Promise<void> {
    const kept = await this.options.store.add(item);
    this.tell({ items: [...this.now.items, kept] });
    this.wake();
  }

  /** Has a refused one sent again. */
  async retry(item: Item): Promise<void> {
    this.put(await this.options.store.refuse(item, null));
    this.wake();
  }

  /** Takes one away that the server refused. */
  async discard(item: Item): Promise<void> {
    await this.options.store.remove(item.order);
    this.tell({ items: this.now.items.filter(({ order }) => order !== item.order) });
  }

  /** Tries now: the network is back, or somebody looks. */
  readonly wake = (): void => {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = null;
      if (this.again) this.wake();
    });
  };

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    this.again = false;
    for (let item = this.next(); item && !this.stopped; item = this.next()) {
      this.tell({ sending: item.id });
      const goOn = await this.one(item);
      this.tell({ sending: null });
      if (!goOn) return;
    }
  }

  private next(): Item | undefined {
    return this.now.items.find(({ refused }) => !refused);
  }

  private async one(item: Item): Promise<boolean> {
    try {
      await this.options.send(item);
    } catch (error) {
      return this.failed(item, error);
    }
    this.failures = 0;
    await this.options.store.remove(item.order);
    this.tell({ items: this.now.items.filter(({ order }) => order !== item.order), halt: null });
    return true;
  }

  private async failed(item: Item, error: unknown): Promise<boolean> {
    if (isSignedOut(error)) return this.halt("signed-out");
    if (!(error instanceof Refusal)) {
      this.later(undefined);
      return this.halt(error instanceof Unreachable ? "offline" : null);
    }
    if (error.code === "second-factor") return this.halt("second-factor");
    if (error.status === 429 || error.status >= 500) {
      this.later(error.wait);
      return this.halt(null);
    }
    this.put(await this.options.store.refuse(item, { status: error.status, problem: error.problem }));
    this.tell({ halt: null });
    return true;
  }

  private halt(halt: Halt): false {
    this.tell({ halt });
    return false;
  }

  private later(seconds: number | undefined): void {
    const pause = seconds ? seconds * 1_000 : (this.options.pause ?? waits)(this.failures++);
    clearTimeout(this.timer);
    this.timer = setTimeout(this.wake, pause);
  }

  private put(item: Item): void {
    this.tell({ items: this.now.items.map((one) => (one.order === item.order ? item : one)) });
  }

  private tell(part: Partial<Outgoing>): void {
    this.now = { ...this.now, ...part };
    this.listeners.forEach((tell) => tell());
  }
}
