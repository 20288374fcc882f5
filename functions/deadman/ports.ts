/** Knows when the monitor last judged. */
export interface WatchBoard {
  /** The minute of its last run; undefined: it never ran. */
  lastRun(): Promise<Date | undefined>;
}
