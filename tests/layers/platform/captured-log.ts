import { type Clock, useClock, useLogOutput } from "#platform";

/** An instant at which these tests stand. */
export const NOW = new Date("2026-11-22T05:00:00.000Z");

export interface CapturedLog {
  /** Every line so far, parsed: a line that is no JSON is an error. */
  lines(): Record<string, unknown>[];
  /** Lets time pass on the clock. */
  advance(milliseconds: number): void;
  restore(): void;
}

/** Puts a standing clock and a log in memory in place of the real ones. */
export function captureLog(): CapturedLog {
  let now = NOW.getTime();
  const written: string[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
  const restoreClock = useClock(clock);
  const restoreLog = useLogOutput((line) => written.push(line));
  return {
    lines: () => written.map((line) => JSON.parse(line)),
    advance: (milliseconds) => {
      now += milliseconds;
    },
    restore: () => {
      restoreClock();
      restoreLog();
    },
  };
}
