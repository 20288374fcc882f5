import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { clock, logWith, systemClock, useClock } from "#platform";
import { type CapturedLog, captureLog, NOW } from "./captured-log.ts";

let log: CapturedLog;
beforeEach(() => {
  log = captureLog();
});
afterEach(() => log.restore());

describe("log lines", () => {
  test("are one JSON object each, with level, instant, message, context and fields", () => {
    const writer = logWith({ function: "f", execution: "arn:one", build: undefined });
    writer.info("copying", { region: "us-west-2", attempt: 2 });
    writer.error("gave up");
    expect(log.lines()).toEqual([
      {
        level: "info",
        at: NOW.toISOString(),
        message: "copying",
        function: "f",
        execution: "arn:one",
        region: "us-west-2",
        attempt: 2,
      },
      { level: "error", at: NOW.toISOString(), message: "gave up", function: "f", execution: "arn:one" },
    ]);
  });

  test("stay one line, whatever the message holds", () => {
    logWith({}).info('two\nlines and "quotes"\u2028');
    expect(log.lines()).toMatchObject([{ message: 'two\nlines and "quotes"\u2028' }]);
  });
});

test("a metric is in CloudWatch's embedded metric format", () => {
  logWith({ function: "f", execution: "arn:one" }).metric("Duration", 12, "Milliseconds");
  const [line] = log.lines();
  expect(line).toEqual({
    _aws: {
      Timestamp: NOW.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: "nightshift",
          Dimensions: [["function"]],
          Metrics: [{ Name: "Duration", Unit: "Milliseconds" }],
        },
      ],
    },
    function: "f",
    execution: "arn:one",
    Duration: 12,
  });
});

describe("the clock", () => {
  test("is the one that was put in place, and the former one afterwards", async () => {
    expect(clock.now()).toEqual(NOW);
    const restore = useClock({ now: () => new Date(0), sleep: async () => undefined });
    expect(clock.now().getTime()).toBe(0);
    restore();
    await clock.sleep(1500);
    expect(clock.now().getTime()).toBe(NOW.getTime() + 1500);
  });

  test("of the system moves by itself", async () => {
    const before = systemClock.now().getTime();
    await systemClock.sleep(2);
    expect(systemClock.now().getTime()).toBeGreaterThan(before);
  });
});
