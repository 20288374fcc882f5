import { expect, it } from "@jest/globals";
import { RetrySchedule } from "../../../local/engine/retry-schedule.ts";

it("MaxAttempts counts retries: 2 means three calls", () => {
  const schedule = new RetrySchedule([
    { ErrorEquals: ["X"], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 3 },
  ]);
  expect([schedule.failed("X"), schedule.failed("X"), schedule.failed("X")]).toEqual([
    { retry: 1, delaySeconds: 2 },
    { retry: 2, delaySeconds: 6 },
    "give up",
  ]);
});

it("has the defaults of the language: one second, three retries, doubling", () => {
  const schedule = new RetrySchedule([{ ErrorEquals: ["States.ALL"] }]);
  const delays = [1, 2, 3, 4].map(() => schedule.failed("Any"));
  expect(delays).toEqual([
    { retry: 1, delaySeconds: 1 },
    { retry: 2, delaySeconds: 2 },
    { retry: 3, delaySeconds: 4 },
    "give up",
  ]);
});

it("counts each retrier on its own, and the first that matches decides", () => {
  const schedule = new RetrySchedule([
    { ErrorEquals: ["X"], MaxAttempts: 1, IntervalSeconds: 10 },
    { ErrorEquals: ["States.TaskFailed"], MaxAttempts: 1, IntervalSeconds: 20 },
  ]);
  expect(schedule.failed("Y")).toEqual({ retry: 1, delaySeconds: 20 });
  expect(schedule.failed("X")).toEqual({ retry: 1, delaySeconds: 10 });
  expect(schedule.failed("X")).toBe("give up"); // its own retrier is used up; the next one is not asked
});

it.each([
  ["a retrier with no retries", [{ ErrorEquals: ["X"], MaxAttempts: 0 }]],
  ["no retrier that matches", [{ ErrorEquals: ["Z"] }]],
  ["no retrier at all", []],
])("gives up with %s", (_, retriers) => {
  expect(new RetrySchedule(retriers).failed("X")).toBe("give up");
});
