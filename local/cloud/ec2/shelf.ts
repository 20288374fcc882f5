import type { VirtualClock } from "../../clock/virtual-clock.ts";
import type { Kept } from "./resources.ts";

/**
 * All resources of one kind in one region. What is removed stays on the shelf for the bill, with the instant at which
 * it went; nothing but `everything` shows it again.
 */
export class Shelf<T extends Kept> {
  readonly #items = new Map<string, T>();
  readonly #clock: VirtualClock;
  readonly #lagMilliseconds: number;

  constructor(clock: VirtualClock, lagMilliseconds: number) {
    this.#clock = clock;
    this.#lagMilliseconds = lagMilliseconds;
  }

  add(item: T): T {
    this.#items.set(item.id, item);
    return item;
  }

  /** The resource, if it exists now. */
  get(id: string): T | undefined {
    const item = this.#items.get(id);
    return item !== undefined && this.#exists(item) ? item : undefined;
  }

  /** What exists now, in order of creation. */
  existing(): T[] {
    return [...this.#items.values()].filter((item) => this.#exists(item));
  }

  /** What describes show: they lag behind creates (EC2 API developer guide, "Eventual consistency"). */
  visible(): T[] {
    const now = this.#clock.now().getTime();
    return this.existing().filter((item) => now - item.createdAt.getTime() >= this.#lagMilliseconds);
  }

  /** What exists or once existed. */
  everything(): T[] {
    return [...this.#items.values()];
  }

  remove(item: T): void {
    item.goneAt = this.#clock.now();
  }

  #exists(item: T): boolean {
    return item.goneAt === undefined || this.#clock.now() < item.goneAt;
  }
}
