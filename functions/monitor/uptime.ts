import type { DaySummary, HourSummary } from "./history.ts";

const HOUR_MILLISECONDS = 3_600_000;

/** A check in one hour. */
export interface CheckHour {
  readonly startsAt: Date;
  readonly summary: HourSummary;
}

/** How a check fared on one day. All but `fraction` count results. */
export interface CheckDay {
  /** "2026-11-27", by the calendar that was asked for. */
  readonly day: string;
  readonly good: number;
  readonly bad: number;
  readonly excused: number;
  /** Results that should be there and are not: the monitor stood still. None before the check's first result. */
  readonly missing: number;
  /** good / (good + bad), 0 to 1; undefined when no result counts. */
  readonly fraction: number | undefined;
}

/** Response times of one hour, in milliseconds; undefined when nothing good was measured. */
export interface ResponseHour {
  readonly startsAt: Date;
  readonly averageMilliseconds: number | undefined;
  readonly slowestMilliseconds: number | undefined;
}

/** The hours of a check of which something is known, in order. */
export function hoursOf(days: readonly DaySummary[], check: string): CheckHour[] {
  return days
    .flatMap(({ day, hours }) =>
      Object.entries(hours).flatMap(([hour, checks]) => {
        const summary = Object.hasOwn(checks, check) ? checks[check] : undefined; // a check may be called constructor
        return summary === undefined ? [] : [{ startsAt: new Date(`${day}T${hour}:00:00Z`), summary }];
      }),
    )
    .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
}

/** What days are counted by. */
export interface Calendar {
  /** The day to which an instant belongs: "2026-11-27". */
  readonly dayOf: (instant: Date) => string;
  /** The days that are wanted, in order. */
  readonly days: readonly string[];
}

/**
 * How a check fared on each of the calendar's days, of which hours belong to the one in which they begin.
 * @param everyMinutes  how often it is measured
 * @param until  when it was last measured: results after that are not missing yet
 */
export function dailyUptime(
  hours: readonly CheckHour[],
  { dayOf, days }: Calendar,
  everyMinutes: number,
  until: Date,
): CheckDay[] {
  const byDay = Map.groupBy(hours, ({ startsAt }) => dayOf(startsAt));
  const missingByDay = countMissing(hours, dayOf, 60 / everyMinutes, until);
  return days.map((day) => {
    const { runs, failed, timedOut, excused } = sumOf((byDay.get(day) ?? []).map(({ summary }) => summary));
    const bad = failed + timedOut;
    const good = runs - bad;
    return { day, good, bad, excused, missing: missingByDay.get(day) ?? 0, fraction: fractionOf(good, bad) };
  });
}

/** The part of results that were good, 0 to 1, over all the days; undefined when none counts. */
export function uptimeOf(days: readonly CheckDay[]): number | undefined {
  const total = (of: "good" | "bad") => days.reduce((sum, day) => sum + day[of], 0);
  return fractionOf(total("good"), total("bad"));
}

/** Response times of the `count` hours up to the one in which `until` lies, in order; hours of silence among them. */
export function responseHours(hours: readonly CheckHour[], until: Date, count: number): ResponseHour[] {
  const known = new Map(hours.map(({ startsAt, summary }) => [startsAt.getTime(), summary]));
  const last = startOfHour(until);
  return Array.from({ length: count }, (_, index) => {
    const start = last - (count - 1 - index) * HOUR_MILLISECONDS;
    const summary = known.get(start);
    const good = summary === undefined ? 0 : summary.runs - summary.failed - summary.timedOut;
    return {
      startsAt: new Date(start),
      averageMilliseconds: summary === undefined || good === 0 ? undefined : summary.totalMilliseconds / good,
      slowestMilliseconds: good === 0 ? undefined : summary?.slowestMilliseconds,
    };
  });
}

/**
 * How many results each day should have and has not. In the first hour none is missing, since a check may begin in the
 * middle of it; in the hour under way only those that are overdue, since the next may come any moment.
 */
function countMissing(
  hours: readonly CheckHour[],
  dayOf: Calendar["dayOf"],
  perHour: number,
  until: Date,
): Map<string, number> {
  const missing = new Map<string, number>();
  const known = new Map(hours.map(({ startsAt, summary }) => [startsAt.getTime(), summary]));
  const underWay = startOfHour(until);
  const overdue = Math.floor(((until.getTime() - underWay) / HOUR_MILLISECONDS) * perHour);
  const first = hours[0]?.startsAt.getTime() ?? underWay;
  for (let start = first + HOUR_MILLISECONDS; start <= underWay; start += HOUR_MILLISECONDS) {
    const { runs, excused } = known.get(start) ?? { runs: 0, excused: 0 };
    const lacking = Math.max(0, (start === underWay ? overdue : perHour) - runs - excused);
    const day = dayOf(new Date(start));
    missing.set(day, (missing.get(day) ?? 0) + lacking);
  }
  return missing;
}

function sumOf(summaries: readonly HourSummary[]) {
  const total = (of: keyof HourSummary) => summaries.reduce((sum, one) => sum + one[of], 0);
  return {
    runs: total("runs"),
    failed: total("failed"),
    timedOut: total("timedOut"),
    excused: total("excused"),
  };
}

function fractionOf(good: number, bad: number): number | undefined {
  return good + bad === 0 ? undefined : good / (good + bad);
}

function startOfHour(instant: Date): number {
  return Math.floor(instant.getTime() / HOUR_MILLISECONDS) * HOUR_MILLISECONDS;
}
