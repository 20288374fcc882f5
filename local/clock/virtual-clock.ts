import type { Clock } from "#platform";

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
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

  constructor(start: Date) {
    this.#nowMilliseconds = start.getTime();
  }

  now(): Date {
    return new Date(this.#nowMilliseconds);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ due: this.#nowMilliseconds + Math.max(0, milliseconds), wake });
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

  /** Runs `work` with the clock held. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await work();
    } finally {
      release();
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
