/**
 * Lets writes to the same item happen one after another, in the order in which they came. Dynalite does so as well;
 * but what it answers about a write that it refused has to be completed before the next one changes the item.
 */
export class ItemQueues {
  readonly #last = new Map<string, Promise<void>>();

  /** Does the work once all earlier work on any of these items is done. */
  async during<T>(items: readonly string[], work: () => Promise<T>): Promise<T> {
    const earlier = items.flatMap((item) => this.#last.get(item) ?? []);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    for (const item of items) this.#last.set(item, done);
    try {
      await Promise.all(earlier);
      return await work();
    } finally {
      resolve();
      for (const item of items) if (this.#last.get(item) === done) this.#last.delete(item);
    }
  }
}
