import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "#platform";

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Some work that holds the clock. What it does beside its own sleep (a request) holds the clock by itself. */
class Work {
  readonly #hold: () => () => void;
  #release: () => void;
  #sleeping = 0;
  #ended = false;

  constructor(hold: () => () => void) {
    this.#hold = hold;
    this.#release = hold();
  }

  pause(): void {
    this.#sleeping += 1;
    this.#release();
  }

  resume(): void {
    this.#sleeping -= 1;
    if (this.#sleeping === 0 && !this.#ended) this.#release = this.#hold();
  }

  end(): void {
    this.#ended = true;
    this.#release();
  }
}

/**
 * A clock that stands still while anybody works and leaps to the next alarm when everybody sleeps.
 *
 * It is a discrete-event simulation: whoever does real work (a handler, a script on a rehearsed machine) holds
 * the clock; once nobody holds it, the earliest sleeper wakes and the time is then that sleeper's. Nothing here
 * waits for real time, so the simulated durations of a run are the same on a fast and on a slow machine.
 */
export class VirtualClock implements Clock {
  #nowMilliseconds: number;
  #holds = 0;
  #leapPlanned = false;
  readonly #sleepers: Sleeper[] = [];
  /** The work that the caller of sleep() belongs to: it does not hold the clock while it sleeps. */
  readonly #work = new AsyncLocalStorage<Work | undefined>();

  constructor(start: Date) {
    this.#nowMilliseconds = start.getTime();
  }

  now(): Date {
    return new Date(this.#nowMilliseconds);
  }

  async sleep(milliseconds: number): Promise<void> {
    const work = this.#work.getStore();
    work?.pause();
    await new Promise<void>((wake) => {
      this.#sleepers.push({
        due: this.#nowMilliseconds + Math.max(0, milliseconds),
        wake: () => {
          work?.resume(); // before anybody else can leap on
          wake();
        },
      });
      this.#planLeap();
    });
  }

  /** Keeps the time from leaping until the returned function is called (once; further calls do nothing). */
  hold(): () => void {
    this.#holds += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      this.#planLeap();
    };
  }

  /** Runs `work` with the clock held, whoever sleeps meanwhile. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await this.#work.run(undefined, work);
    } finally {
      release();
    }
  }

  /** Runs `work` with the clock held, except while it sleeps on this very clock: a function that paces itself. */
  async performing<T>(work: () => Promise<T>): Promise<T> {
    const holder = new Work(() => this.hold());
    try {
      return await this.#work.run(holder, work);
    } finally {
      holder.end();
    }
  }

  /** Moves the time forward by hand, for latencies that nobody sleeps through. Wakes nobody by itself. */
  advance(milliseconds: number): void {
    this.#nowMilliseconds += Math.max(0, milliseconds);
    this.#planLeap();
  }

  // A handler that has just returned is followed, a few turns of the event loop later, by the next state's
  // handler. Leaping only after some idle turns lets that handler take hold first.
  #planLeap(): void {
    if (this.#leapPlanned || this.#sleepers.length === 0) return;
    this.#leapPlanned = true;
    let idleTurns = 0;
    const turn = () => {
      if (this.#holds > 0) {
        this.#leapPlanned = false; // release() plans it anew
      } else if (idleTurns < 5) {
        idleTurns += 1;
        setImmediate(turn);
      } else {
        this.#leapPlanned = false;
        this.#leap();
      }
    };
    setImmediate(turn);
  }

  #leap(): void {
    this.#sleepers.sort((a, b) => a.due - b.due);
    const next = this.#sleepers.shift();
    if (next === undefined) return;
    this.#nowMilliseconds = Math.max(this.#nowMilliseconds, next.due);
    next.wake();
    this.#planLeap();
  }
}
