import { describe, expect, test } from "@jest/globals";
import type { Executions } from "../../../../functions/monitor/findings/execution-finding.ts";
import { judgeExecutions } from "../../../../functions/monitor/findings/execution-finding.ts";

const NOW = new Date("2026-11-27T12:00:00Z");
const at = (time: string) => new Date(`2026-11-${time}:00Z`);

const ROWS: [string, Executions, string, string][] = [
  ["it succeeded", { succeededAt: at("27T00:30") }, "GOOD", "billing-nightly succeeded 11.5 hours ago"],
  ["just in time", { succeededAt: at("26T11:00") }, "GOOD", "billing-nightly succeeded 25 hours ago"],
  [
    "too long ago",
    { succeededAt: at("25T00:30") },
    "FAILED",
    "billing-nightly succeeded 2.5 days ago (limit 25 hours)",
  ],
  ["never", {}, "FAILED", "billing-nightly never succeeded"],
  [
    "never, and it failed",
    { failedAt: at("27T00:30"), failedStatus: "TIMED_OUT" },
    "FAILED",
    "billing-nightly never succeeded; a run ended as TIMED_OUT 2026-11-27 00:30 UTC",
  ],
  [
    "its first run",
    { runningSince: at("27T11:59") },
    "FAILED",
    "billing-nightly never succeeded; one runs since 2026-11-27 11:59 UTC",
  ],
  [
    "a later run failed, but the success still counts",
    { succeededAt: at("27T00:30"), failedAt: at("27T01:00"), failedStatus: "FAILED" },
    "GOOD",
    "billing-nightly succeeded 11.5 hours ago; a run ended as FAILED 2026-11-27 01:00 UTC",
  ],
  [
    "an earlier failure is history",
    { succeededAt: at("27T00:30"), failedAt: at("26T00:30"), failedStatus: "FAILED" },
    "GOOD",
    "billing-nightly succeeded 11.5 hours ago",
  ],
];

describe("executions", () => {
  test.each(ROWS)("%s", (_why, executions, verdict, reason) => {
    const expected = { machine: "billing-nightly", withinHours: 25 };
    expect(judgeExecutions(executions, expected, NOW)).toEqual({ verdict, reason, milliseconds: 0 });
  });
});
