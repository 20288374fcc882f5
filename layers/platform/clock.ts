/**
 * The one place that reads the time.
 *
 * Handlers receive a Clock; nouns receive instants. The embedded engine puts a virtual clock here, so that a
 * twenty-minute boot rehearses in milliseconds and a test can stand at any instant it likes.
 */
export interface Clock {
  /** The present instant. */
  now(): Date;
  /** Resolves once `milliseconds` have passed on this clock. */
  sleep(milliseconds: number): Promise<void>;
}

/** The wall clock of the machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)),
};

let current: Clock = systemClock;

/** The clock that this process lives by: the system's, unless an engine has put another in its place. */
export const clock: Clock = {
  now: () => current.now(),
  sleep: (milliseconds) => current.sleep(milliseconds),
};

/** Puts another clock in place. For engines and tests; returns a function that puts the former one back. */
export function useClock(replacement: Clock): () => void {
  const former = current;
  current = replacement;
  return () => {
    current = former;
  };
}

/** Starts now; each call returns the real milliseconds since then, with fractions. For how long the network took. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}
