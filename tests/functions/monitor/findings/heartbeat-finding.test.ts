import { describe, expect, test } from "@jest/globals";
import { judgeBeats } from "../../../../functions/monitor/findings/heartbeat-finding.ts";

const NOW = new Date("2026-11-27T12:00:00Z");
const EXPECTED = { withinMinutes: 60, graceMinutes: 5, runMinutes: 30 };

/** So many minutes before now. */
function ago(minutes: number | undefined): Date | undefined {
  return minutes === undefined ? undefined : new Date(NOW.getTime() - minutes * 60_000);
}

interface Heard {
  readonly watched?: number;
  readonly started?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly status?: number;
}

const ROWS: [string, Heard, string, string][] = [
  ["success lately", { succeeded: 10 }, "GOOD", "reported success 10 min ago"],
  ["just in time, grace included", { succeeded: 65 }, "GOOD", "reported success 65 min ago"],
  [
    "too late by a moment",
    { succeeded: 65.01 },
    "TIMED OUT",
    "nothing heard since 2026-11-27 10:54 UTC, expected every 60 min",
  ],
  ["a clock that is ahead", { succeeded: -2 }, "GOOD", "reported success 0 s ago"],
  [
    "never, but it is not due yet",
    { watched: 64 },
    "GOOD",
    "nothing heard yet, the first report is due by 2026-11-27 12:01 UTC",
  ],
  [
    "never, and it was due",
    { watched: 66 },
    "TIMED OUT",
    "never heard of, watched since 2026-11-27 10:54 UTC, expected every 60 min",
  ],
  [
    "failure after success",
    { succeeded: 20, failed: 10, status: 2 },
    "FAILED",
    "reported failure (status 2), 2026-11-27 11:50 UTC",
  ],
  ["failure without a status", { failed: 10 }, "FAILED", "reported failure, 2026-11-27 11:50 UTC"],
  ["success after failure", { succeeded: 5, failed: 10, status: 2 }, "GOOD", "reported success 5 min ago"],
  [
    "a new run does not undo a failure",
    { started: 5, failed: 10, status: 1 },
    "FAILED",
    "reported failure (status 1), 2026-11-27 11:50 UTC",
  ],
  ["running", { succeeded: 50, started: 10 }, "GOOD", "running since 2026-11-27 11:50 UTC"],
  [
    "running, begun in time, may end after the next was due",
    { succeeded: 70, started: 10 },
    "GOOD",
    "running since 2026-11-27 11:50 UTC",
  ],
  [
    "begun too late",
    { succeeded: 90, started: 10 },
    "TIMED OUT",
    "no success since 2026-11-27 10:30 UTC, expected every 60 min",
  ],
  [
    "not finished in its time",
    { succeeded: 50, started: 31 },
    "TIMED OUT",
    "started 2026-11-27 11:29 UTC and not finished in 30 minutes",
  ],
  ["finished after it began", { succeeded: 5, started: 40 }, "GOOD", "reported success 5 min ago"],
  ["its first run", { watched: 20, started: 10 }, "GOOD", "running since 2026-11-27 11:50 UTC"],
];

describe("heartbeats", () => {
  test.each(ROWS)("%s", (_why, { watched = 600, started, succeeded, failed, status }, verdict, reason) => {
    const beats = {
      watchedSince: ago(watched) ?? NOW,
      startedAt: ago(started),
      succeededAt: ago(succeeded),
      failedAt: ago(failed),
      exitStatus: status,
    };
    expect(judgeBeats(beats, EXPECTED, NOW)).toEqual({ verdict, reason, milliseconds: 0 });
  });
});
