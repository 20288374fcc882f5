import { describe, expect, it } from "@jest/globals";
import type { MaintenanceWindow } from "#fleet";
import { inMaintenance } from "../../../../functions/monitor/judging/maintenance.ts";

const SUNDAY: MaintenanceWindow = { every: "SUN", at: "04:00", minutes: 60 };
const LATE: MaintenanceWindow = { every: "SAT", at: "23:30", minutes: 60 };
const DAILY: MaintenanceWindow = { every: "day", at: "00:00", minutes: 10 };
const ONCE: MaintenanceWindow = { on: "2026-12-01", at: "22:00", minutes: 240 };
const WWW: MaintenanceWindow = { ...DAILY, checks: ["www"] };

const CASES: [string, MaintenanceWindow, string, string, boolean][] = [
  ["just before it begins", SUNDAY, "UTC", "2026-11-29T03:59:59Z", false],
  ["as it begins", SUNDAY, "UTC", "2026-11-29T04:00:00Z", true],
  ["its last minute", SUNDAY, "UTC", "2026-11-29T04:59:59Z", true],
  ["as it ends", SUNDAY, "UTC", "2026-11-29T05:00:00Z", false],
  ["another day of the week", SUNDAY, "UTC", "2026-11-30T04:30:00Z", false],
  ["beyond midnight, on the next day", LATE, "UTC", "2026-11-29T00:29:00Z", true],
  ["beyond midnight, over", LATE, "UTC", "2026-11-29T00:30:00Z", false],
  ["beyond midnight, but of another night", LATE, "UTC", "2026-11-28T00:15:00Z", false],
  ["every day", DAILY, "UTC", "2026-11-27T00:05:00Z", true],
  [
    "in the owner's zone: 04:30 in New York is 09:30 UTC",
    SUNDAY,
    "America/New_York",
    "2026-11-29T09:30:00Z",
    true,
  ],
  [
    "in the owner's zone: 04:30 UTC is Saturday there",
    SUNDAY,
    "America/New_York",
    "2026-11-29T04:30:00Z",
    false,
  ],
  ["in summer it is 08:30 UTC", SUNDAY, "America/New_York", "2026-07-05T08:30:00Z", true],
  ["and not 09:30", SUNDAY, "America/New_York", "2026-07-05T09:30:00Z", false],
  ["once", ONCE, "UTC", "2026-12-01T23:00:00Z", true],
  ["once, beyond midnight", ONCE, "UTC", "2026-12-02T01:59:00Z", true],
  ["once, and not a year later", ONCE, "UTC", "2027-12-01T23:00:00Z", false],
  ["of other checks", WWW, "UTC", "2026-11-27T00:05:00Z", false],
];

const EARLY: MaintenanceWindow = { every: "SUN", at: "01:30", minutes: 60 };
const GAP: MaintenanceWindow = { every: "SUN", at: "02:30", minutes: 60 };
const NIGHT: MaintenanceWindow = { every: "SAT", at: "23:00", minutes: 300 };
const WHOLE: MaintenanceWindow = { every: "SAT", at: "23:30", minutes: 1440 };

/** In New York 01:59:59 EDT is followed by 01:00 EST on 2026-11-01 (06:00 UTC), 01:59:59 EST by 03:00 EDT on 2026-03-08 (07:00 UTC). */
const CLOCK_CHANGES: [string, MaintenanceWindow, string, boolean][] = [
  ["an hour that comes twice: the work begins in the first", EARLY, "2026-11-01T05:30:00Z", true],
  ["and is not interrupted when the clock goes back", EARLY, "2026-11-01T06:10:00Z", true],
  ["it lasts as long as was said", EARLY, "2026-11-01T06:30:00Z", false],
  ["and does not come again in the second", EARLY, "2026-11-01T06:45:00Z", false],
  ["an hour that is left out: not before it", GAP, "2026-03-08T06:59:00Z", false],
  ["the work begins as late as with the clock of before", GAP, "2026-03-08T07:30:00Z", true],
  ["and has its whole time", GAP, "2026-03-08T08:29:00Z", true],
  ["and no more", GAP, "2026-03-08T08:30:00Z", false],
  ["across the change, from the day before: its last minute", NIGHT, "2026-03-08T08:59:00Z", true],
  ["and its end", NIGHT, "2026-03-08T09:00:00Z", false],
  ["a whole day that is an hour more on the wall: its last minute", WHOLE, "2026-03-09T04:29:00Z", true],
  ["and its end", WHOLE, "2026-03-09T04:30:00Z", false],
  ["in autumn as well: its last minute", NIGHT, "2026-11-01T07:59:00Z", true],
  ["and its end", NIGHT, "2026-11-01T08:00:00Z", false],
];

describe("planned work on the nights when the clocks change", () => {
  it.each(CLOCK_CHANGES)("%s", (_, window, instant, expected) => {
    expect(inMaintenance("mail", [window], "America/New_York", new Date(instant))).toBe(expected);
  });
});

describe("planned work", () => {
  it.each(CASES)("%s", (_, window, timeZone, instant, expected) => {
    expect(inMaintenance("mail", [window], timeZone, new Date(instant))).toBe(expected);
  });

  it("of this check", () => {
    expect(inMaintenance("www", [WWW], "UTC", new Date("2026-11-27T00:05:00Z"))).toBe(true);
  });
});
