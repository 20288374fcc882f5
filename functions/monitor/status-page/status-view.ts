/*
 * What the status page says, before it is a page. Everybody reads it: titles, times and plain words, and nothing of hosts,
 * addresses, reasons or people. status.json is this, as it stands. All instants are ISO 8601, UTC.
 */

/** How something stands, in the order of how much it matters. */
export type Standing =
  /** In alarm. */
  | "down"
  /** Fails because another, which it depends on, does. */
  | "dependent"
  /** It comes and goes. */
  | "unsteady"
  /** Planned work: whatever it does now is no failure. */
  | "planned"
  /** The last try failed; it takes more for an alarm. */
  | "doubtful"
  /** There is no result, or none that can be trusted. */
  | "unknown"
  | "working";

/** How all of it stands: "impaired" when the monitor cannot measure, "stale" when results stopped coming. */
export type OverallStanding = Standing | "impaired" | "stale";

/** One bar of the 90. Minutes are estimates: so many results, each for the time to the next. */
export interface DayView {
  /** "2026-11-27", in the page's time zone. */
  readonly day: string;
  /** 0 to 1; null when no result counts. */
  readonly uptime: number | null;
  readonly badMinutes: number;
  readonly plannedMinutes: number;
  readonly missingMinutes: number;
}

/** One hour of the response times, in milliseconds; null where nothing good was measured. */
export interface HourView {
  readonly startsAt: string;
  readonly average: number | null;
  readonly slowest: number | null;
}

export interface CheckView {
  readonly title: string;
  /** Made of the title, and unique: names the badge. */
  readonly slug: string;
  readonly standing: Standing;
  /** "Working" */
  readonly words: string;
  readonly since: string | null;
  /** Of the 90 days, 0 to 1; null when no result counts. */
  readonly uptime: number | null;
  readonly days: readonly DayView[];
  /** The last 48; empty of what takes no time (a job that reports in). */
  readonly hours: readonly HourView[];
}

export interface IncidentView {
  readonly title: string;
  /** "The web page did not answer as it should" */
  readonly what: string;
  readonly openedAt: string;
  /** null while it is open. */
  readonly recoveredAt: string | null;
  /** Somebody is working on it. */
  readonly isAcknowledged: boolean;
}

export interface StatusView {
  readonly title: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly madeAt: string;
  /** The last run of the monitor; null before the first. */
  readonly measuredAt: string | null;
  readonly standing: OverallStanding;
  /** "1 of 12 systems is not working" */
  readonly headline: string;
  readonly checks: readonly CheckView[];
  /** The newest first. */
  readonly openIncidents: readonly IncidentView[];
  /** Of the last 30 days, the newest first. */
  readonly pastIncidents: readonly IncidentView[];
  /** Work to come, a sentence each. */
  readonly plannedWork: readonly string[];
}
