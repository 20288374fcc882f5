/**
 * What is kept of a check's results in an hour. Excused results (maintenance and the like) count nowhere but in
 * `excused`.
 */
export interface HourSummary {
  readonly runs: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly excused: number;
  /** Of the good ones. */
  readonly totalMilliseconds: number;
  readonly slowestMilliseconds: number;
}

/** Of each check, the summaries of a day's hours ("00" to "23", UTC); hours without results are missing. */
export interface DaySummary {
  readonly day: string; // "2026-11-27"
  readonly hours: Readonly<Record<string, Readonly<Record<string, HourSummary>>>>; // hour → check → summary
}
