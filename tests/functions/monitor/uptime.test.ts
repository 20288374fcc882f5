import { describe, expect, it } from "@jest/globals";
import type { DaySummary, HourSummary } from "../../../functions/monitor/history.ts";
import { dailyUptime, hoursOf, responseHours, uptimeOf } from "../../../functions/monitor/uptime.ts";

const NOTHING = {
  runs: 0,
  failed: 0,
  timedOut: 0,
  excused: 0,
  totalMilliseconds: 0,
  slowestMilliseconds: 0,
};
const kept = (change: Partial<HourSummary>): HourSummary => ({ ...NOTHING, ...change });
const FULL = kept({ runs: 60, totalMilliseconds: 2400, slowestMilliseconds: 90 });

/** Hours of the check "web", by "2026-11-27T03". Those of each day in the order of an object: "10" before "03". */
function daysWith(hours: Readonly<Record<string, HourSummary>>): DaySummary[] {
  const byDay = Map.groupBy(Object.entries(hours), ([hour]) => hour.slice(0, 10));
  return [...byDay].map(([day, entries]) => ({
    day,
    hours: Object.fromEntries(
      entries.map(([hour, summary]) => [hour.slice(11), { web: summary, other: kept({ runs: 1 }) }]),
    ),
  }));
}

const UTC = (instant: Date) => instant.toISOString().slice(0, 10);
const VANCOUVER = (instant: Date) => UTC(new Date(instant.getTime() - 8 * 3_600_000));

/** One check's days, in UTC and measured each minute unless a row says otherwise. */
function days(
  hours: Readonly<Record<string, HourSummary>>,
  until: string,
  options: { everyMinutes?: number; dayOf?: (instant: Date) => string; days?: string[] } = {},
) {
  const { everyMinutes = 1, dayOf = UTC, days = ["2026-11-27"] } = options;
  return dailyUptime(hoursOf(daysWith(hours), "web"), { dayOf, days }, everyMinutes, new Date(until));
}

describe("the hours of a check", () => {
  it("are in order, and only its own", () => {
    const hours = hoursOf(
      daysWith({ "2026-11-27T03": FULL, "2026-11-27T10": FULL, "2026-11-26T23": FULL }),
      "web",
    );
    expect(hours.map(({ startsAt }) => startsAt.toISOString().slice(0, 13))).toEqual([
      "2026-11-26T23",
      "2026-11-27T03",
      "2026-11-27T10",
    ]);
    expect(hoursOf(daysWith({ "2026-11-27T03": FULL }), "constructor")).toEqual([]);
  });
});

describe("a day", () => {
  it.each([
    {
      why: "all good",
      hours: { "2026-11-27T00": FULL, "2026-11-27T01": FULL },
      until: "2026-11-27T01:59:00Z",
      day: { good: 120, bad: 0, excused: 0, missing: 0, fraction: 1 },
    },
    {
      why: "failures and time-outs are bad alike",
      hours: { "2026-11-27T00": kept({ runs: 60, failed: 2, timedOut: 1 }) },
      until: "2026-11-27T00:59:00Z",
      day: { good: 57, bad: 3, excused: 0, missing: 0, fraction: 0.95 },
    },
    {
      why: "excused results count neither way, and are not missing",
      hours: { "2026-11-27T00": FULL, "2026-11-27T01": kept({ runs: 30, failed: 30, excused: 30 }) },
      until: "2026-11-27T01:59:00Z",
      day: { good: 60, bad: 30, excused: 30, missing: 0, fraction: 60 / 90 },
    },
    {
      why: "a day of maintenance has no percentage",
      hours: { "2026-11-27T00": kept({ excused: 60 }) },
      until: "2026-11-27T00:59:00Z",
      day: { good: 0, bad: 0, excused: 60, missing: 0, fraction: undefined },
    },
    {
      why: "an hour of silence is missing, and not bad",
      hours: { "2026-11-27T00": FULL, "2026-11-27T02": FULL },
      until: "2026-11-27T02:59:00Z",
      day: { good: 120, bad: 0, excused: 0, missing: 60, fraction: 1 },
    },
    {
      why: "of the hour under way only what is certainly overdue is missing",
      hours: { "2026-11-27T00": FULL, "2026-11-27T01": kept({ runs: 5 }) },
      until: "2026-11-27T01:09:00Z",
      day: { good: 65, bad: 0, excused: 0, missing: 4, fraction: 1 },
    },
    {
      why: "before its first result nothing is missing: a check may begin in the middle of an hour",
      hours: { "2026-11-27T05": kept({ runs: 20 }), "2026-11-27T06": FULL },
      until: "2026-11-27T06:59:00Z",
      day: { good: 80, bad: 0, excused: 0, missing: 0, fraction: 1 },
    },
    {
      why: "a check that is measured each quarter of an hour should have four results in it",
      hours: { "2026-11-27T00": kept({ runs: 4 }), "2026-11-27T01": kept({ runs: 3 }) },
      until: "2026-11-27T02:00:00Z",
      everyMinutes: 15,
      day: { good: 7, bad: 0, excused: 0, missing: 1, fraction: 1 },
    },
    {
      why: "more results than expected (it was measured more often before) are not less than none missing",
      hours: { "2026-11-27T00": FULL },
      until: "2026-11-27T00:59:00Z",
      everyMinutes: 30,
      day: { good: 60, bad: 0, excused: 0, missing: 0, fraction: 1 },
    },
    {
      why: "a check that was never measured",
      hours: {},
      until: "2026-11-27T00:59:00Z",
      day: { good: 0, bad: 0, excused: 0, missing: 0, fraction: undefined },
    },
  ])("$why", ({ hours, until, day, everyMinutes }) => {
    const options = everyMinutes === undefined ? {} : { everyMinutes };
    expect(days(hours as Record<string, HourSummary>, until, options)).toEqual([
      { day: "2026-11-27", ...day },
    ]);
  });

  it("has the hours that begin in it by the calendar, whatever UTC says", () => {
    const hours = { "2026-11-27T07": kept({ runs: 60, failed: 6 }), "2026-11-27T08": FULL };
    const local = days(hours, "2026-11-27T08:59:00Z", {
      dayOf: VANCOUVER,
      days: ["2026-11-26", "2026-11-27"],
    });
    expect(local.map(({ day, good, bad }) => [day, good, bad])).toEqual([
      ["2026-11-26", 54, 6],
      ["2026-11-27", 60, 0],
    ]);
  });

  it("between two that are known and without any result is missing as a whole", () => {
    const hours = { "2026-11-25T23": FULL, "2026-11-27T00": FULL };
    const three = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"];
    expect(days(hours, "2026-11-27T00:59:00Z", { days: three }).map(({ missing }) => missing)).toEqual([
      0, 0, 1440, 0,
    ]);
  });
});

describe("uptime over days", () => {
  const day = (good: number, bad: number) => ({
    day: "",
    good,
    bad,
    excused: 9,
    missing: 9,
    fraction: undefined,
  });
  it.each([
    { of: [], uptime: undefined, why: "of nothing there is none" },
    { of: [day(0, 0)], uptime: undefined, why: "excused and missing results do not count" },
    { of: [day(99, 1), day(0, 0)], uptime: 0.99, why: "a day without results changes nothing" },
    { of: [day(1000, 0), day(0, 1)], uptime: 1000 / 1001, why: "results weigh alike, days do not" },
  ])("$why", ({ of, uptime }) => {
    expect(uptimeOf(of)).toBe(uptime);
  });
});

describe("response times", () => {
  it("are those of the last hours, in order, and undefined where nothing good was measured", () => {
    const hours = hoursOf(
      daysWith({
        "2026-11-26T23": kept({ runs: 4, failed: 2, totalMilliseconds: 100, slowestMilliseconds: 70 }),
        "2026-11-27T01": kept({ runs: 3, failed: 2, timedOut: 1 }),
        "2026-11-27T02": kept({ excused: 60 }),
        "2026-11-20T02": FULL,
      }),
      "web",
    );
    const series = responseHours(hours, new Date("2026-11-27T02:17:00Z"), 4);
    expect(
      series.map(({ startsAt, averageMilliseconds, slowestMilliseconds }) => [
        startsAt.toISOString().slice(5, 13),
        averageMilliseconds,
        slowestMilliseconds,
      ]),
    ).toEqual([
      ["11-26T23", 50, 70],
      ["11-27T00", undefined, undefined],
      ["11-27T01", undefined, undefined],
      ["11-27T02", undefined, undefined],
    ]);
  });
});
