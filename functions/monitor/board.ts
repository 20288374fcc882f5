import type { CheckResult } from "./check-result.ts";

/** How a check stands: good; failing, but not often enough for an alarm; in alarm. */
export type Phase = "good" | "failing" | "alarm";

/** Why failures of a check raise no alarm at present. */
export type Silence = "parent" | "maintenance" | "impaired";

/** What is known of one check. All of it follows from its results, by judge.ts. */
export interface CheckState {
  readonly phase: Phase;
  /** Since when it has been good, or not good (ISO 8601). */
  readonly since: string;
  /** In a row, up to now; one of the two is 0. */
  readonly failures: number;
  readonly successes: number;
  /** Whether each of the last 20 results differed from the one before ("1"), oldest first. */
  readonly changes: string;
  readonly isFlapping: boolean;
  readonly silence: Silence | undefined;
  /** The open incident about it. */
  readonly incident: number | undefined;
  readonly last: CheckResult & { readonly at: string };
}

/** A thing to be done because of a transition. Each is safe to repeat, and stays on the board until it was done. */
export type Effect =
  | {
      readonly kind: "open";
      readonly incident: number;
      readonly check: string;
      readonly cause: Cause;
      readonly at: string;
      /** The first of the failures that came to be an alarm. */
      readonly since: string;
      readonly reason: string;
      readonly isCritical: boolean;
    }
  | { readonly kind: "recover"; readonly incident: number; readonly at: string; readonly reason: string }
  | { readonly kind: "shelve"; readonly hour: string; readonly results: HourOfResults };

/** What an incident is about: a check that fails, one that cannot decide, or the monitor itself. */
export type Cause = "failing" | "flapping" | "impaired";

/**
 * Results of the checks in one hour. Of each check a text with one word per run, in order: the minute, a letter, and
 * milliseconds: "0g45 1g44 2f3 3t10000". The letter is g(ood), f(ailed) or t(imed out), a capital when the result does
 * not count (planned work, a monitor that was impaired).
 */
export type HourOfResults = Readonly<Record<string, string>>;

/** The monitor's whole state between two runs: one item, replaced by one conditional write per run. */
export interface Board {
  /** Counts the writes: a write is only made upon the revision that it was made of. */
  readonly revision: number;
  /** The minute of the last run that was judged (ISO 8601, to the minute). Undefined: there was none. */
  readonly slot: string | undefined;
  readonly nextIncident: number;
  readonly checks: Readonly<Record<string, CheckState>>;
  /** The hour that `results` is about: "2026-11-27T03". */
  readonly hour: string | undefined;
  readonly results: HourOfResults;
  readonly pending: readonly Effect[];
}

/** The name under which the monitor's own health stands among the checks. */
export const MONITOR = "monitor";

/** Before the first run. */
export const EMPTY_BOARD: Board = {
  revision: 0,
  slot: undefined,
  nextIncident: 1,
  checks: {},
  hour: undefined,
  results: {},
  pending: [],
};
