import type { Clock } from "#platform";

/** A clock on which sleeping takes no time, and which moves when somebody sleeps or moves it. */
export class FakeClock implements Clock {
  #now: number;

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }
}
