import type { CheckKind } from "#fleet";
import type { Cause } from "../board.ts";
import type { OverallStanding, Standing } from "./status-view.ts";

/** A check's state, to everybody. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  working: "Working",
  down: "Not working",
  dependent: "Not reachable",
  unsteady: "Comes and goes",
  planned: "Planned work",
  doubtful: "Last try failed",
  unknown: "Not known",
};

const FAILURES: Readonly<Record<CheckKind, string>> = {
  http: "The web page did not answer as it should",
  tcp: "The service did not answer as it should",
  ping: "The machine could not be reached",
  tls: "The certificate was not as it should be",
  dns: "The name did not resolve as it should",
  smtp: "The mail server did not answer as it should",
  spiped: "The encrypted connection was not answered as it should be",
  ssh: "The login service did not answer as it should",
  backup: "A test backup could not be made and read back",
  heartbeat: "A regular job did not report in time",
  twilio: "The way to tell somebody did not work as it should",
  execution: "A nightly process did not succeed in time",
};

/** What an incident is about, by kind: what a probe saw in particular is for the operator alone. */
export function whatHappened(cause: Cause, kind: CheckKind | undefined): string {
  if (cause === "impaired" || kind === undefined)
    return "The monitor itself could not measure what it watches";
  if (cause === "flapping") return "It worked at some times and not at others";
  return FAILURES[kind];
}

/** How many of the checks stand how. */
export type Tally = Readonly<Record<Standing, number>>;

/**
 * The page's one sentence.
 * @param lastTime  when it was measured last, in words; for a page that is out of date
 */
export function headlineOf(standing: OverallStanding, tally: Tally, lastTime: string): string {
  const total = Object.values(tally).reduce((sum, one) => sum + one, 0);
  const some = (count: number) => `${count} of ${total} systems ${count === 1 ? "is" : "are"}`;
  switch (standing) {
    case "stale":
      return `No results since ${lastTime}: this page is out of date`;
    case "impaired":
      return "The monitor itself is impaired";
    case "unknown":
      return total === 0 ? "There is nothing to show" : "There are no results yet";
    case "down":
    case "dependent": {
      const broken = tally.down + tally.dependent;
      if (total === 1) return "The system is not working";
      return broken === total ? `None of the ${total} systems is working` : `${some(broken)} not working`;
    }
    case "unsteady":
      return total === 1 ? "The system comes and goes" : `${some(tally.unsteady)} working on and off`;
    case "planned":
      return "Planned work is under way";
    case "doubtful":
      return `The last try failed for ${tally.doubtful} of ${total} systems`;
    case "working":
      return total === 1 ? "The system is working" : "All systems are working";
  }
}

/** Between a number and its unit, so that they stay on one line. */
export const UNBROKEN = "\u00a0";

/** 0.99987 is "99.98 %": rounded down, so that 100 % is said only of what never failed. */
export function percentage(fraction: number): string {
  return fraction === 1
    ? `100${UNBROKEN}%`
    : `${(Math.floor(fraction * 10_000 + 1e-6) / 100).toFixed(2)}${UNBROKEN}%`;
}

/** "45 ms", "1.2 s". */
export function responseWords(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)}${UNBROKEN}ms`;
  return `${Number((milliseconds / 1000).toFixed(1))}${UNBROKEN}s`;
}
