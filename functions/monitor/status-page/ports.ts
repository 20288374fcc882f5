import type { HourOfResults } from "../board.ts";
import type { DaySummary } from "../history.ts";

/** The results of all checks in one hour, as they came. */
export interface ShelvedHour {
  /** "2026-11-27T03", UTC. */
  readonly hour: string;
  readonly results: HourOfResults;
}

/** What was measured: for two days word by word, for 90 as summaries. Everything is by UTC. */
export interface History {
  /**
   * Keeps an hour that is over. Safe to repeat: the same results give the same.
   * @throws MalformedResultsError before anything is written
   */
  shelve(hour: string, results: HourOfResults): Promise<void>;
  /** The days from "2026-08-30" to "2026-11-27", both included, in order; days without results are missing. */
  days(from: string, to: string): Promise<readonly DaySummary[]>;
  /** The hours from "2026-11-27T01" to "2026-11-27T03", both included, in order; hours without results are missing. */
  hours(from: string, to: string): Promise<readonly ShelvedHour[]>;
}

/** Files of the status page, where everybody can read them. Each is replaced as a whole. */
export interface StatusShelf {
  /** @param name  for example "index.html"; its ending says what it is: html, json or svg */
  put(name: string, text: string): Promise<void>;
}
