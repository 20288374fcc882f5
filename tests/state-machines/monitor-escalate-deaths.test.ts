import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readDefinition } from "../../local/engine/definition.ts";
import { RetrySchedule } from "../../local/engine/retry-schedule.ts";

const { States } = readDefinition(join(import.meta.dirname, "../.."), "monitor-escalate");

/**
 * A function that was killed for its time or its memory, or whose process ended (Step Functions guide, "Handle Lambda service
 * exceptions"; Lambda guide, "Troubleshoot execution issues in Lambda"); a Task that was not answered in time.
 */
const DEATHS = [
  "Lambda.Unknown",
  "Runtime.ExitError",
  "Runtime.OutOfMemory",
  "Sandbox.Timedout",
  "States.Timeout",
];

const TASKS = Object.entries(States).flatMap(([name, { Type, Retry }]) =>
  Type === "Task" ? DEATHS.map((death) => ({ name, death, Retry })) : [],
);

describe("monitor-escalate outlives a function that dies without a word", () => {
  it.each(TASKS)("$name, by $death", ({ death, Retry }) => {
    expect(new RetrySchedule(Retry).failed(death)).toMatchObject({ retry: 1 });
  });

  it("a message that was begun is asked for again often enough for its doubt to be settled", () => {
    const schedule = new RetrySchedule(States.TellContact?.Retry);
    expect(schedule.failed("Sandbox.Timedout")).toMatchObject({ retry: 1 });
    for (let retry = 1; retry <= 10; retry += 1)
      expect(schedule.failed("TellInDoubtError")).toEqual({ retry, delaySeconds: 20 });
  });

  it("what a function says by name is no death", () => {
    expect(new RetrySchedule(States.DecideStep?.Retry).failed("NobodyAnsweredError")).toBe("give up");
  });
});
