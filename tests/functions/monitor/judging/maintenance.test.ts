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

describe("planned work", () => {
  it.each(CASES)("%s", (_, window, timeZone, instant, expected) => {
    expect(inMaintenance("mail", [window], timeZone, new Date(instant))).toBe(expected);
  });

  it("of this check", () => {
    expect(inMaintenance("www", [WWW], "UTC", new Date("2026-11-27T00:05:00Z"))).toBe(true);
  });
});
