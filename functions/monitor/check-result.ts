/** How a measurement ended, in the words of the article's scripts. */
export type Verdict = "GOOD" | "FAILED" | "TIMED OUT";

/** What one measurement of a check found. */
export interface CheckResult {
  readonly verdict: Verdict;
  /** How long it took, in milliseconds, rounded. Of a heartbeat: 0. */
  readonly milliseconds: number;
  /** One line for people: "200 OK in 45 ms", "connection refused", "no answer in 10 s". Never a secret. */
  readonly reason: string;
}

/** Whether a result counts as a success. */
export function isGood({ verdict }: Pick<CheckResult, "verdict">): boolean {
  return verdict === "GOOD";
}
