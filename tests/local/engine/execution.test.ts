import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import type { Definition } from "../../../local/engine/definition.ts";
import { Execution } from "../../../local/engine/execution.ts";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";

const START = new Date("2026-11-22T04:00:00Z");
const RETRY = [{ ErrorEquals: ["TransientError"], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 2 }];

function failure(name: string): Error {
  return Object.assign(new Error("no"), { name });
}

/** An execution of a machine whose functions are given, by Resource. */
function prepare(definition: object, functions: Record<string, (input: unknown) => unknown>) {
  const clock = new VirtualClock(START);
  const events: ExecutionEvent[] = [];
  const execution = new Execution(definition as Definition, {
    clock,
    during: (work) => clock.during(work),
    call: async (resource, input) => functions[resource]?.(input),
    tell: (event) => events.push(event),
  });
  const told = () => events.map((event) => `${event.type} ${"state" in event ? event.state : ""}`.trim());
  return {
    clock,
    events,
    execution,
    told,
    run: () => execution.run("arn:x", "x", "machine", { region: "r" }),
  };
}

const ONE_TASK = { StartAt: "Do", States: { Do: { Type: "Task", Resource: "f", Retry: RETRY, End: true } } };

describe("tasks", () => {
  it("call their function and tell of it", async () => {
    const { run, told, execution } = prepare(ONE_TASK, { f: () => ({ done: true }) });
    expect(await run()).toEqual({ status: "SUCCEEDED", output: { done: true } });
    expect(told()).toEqual(["executionStarted", "stateEntered Do", "stateExited Do", "executionSucceeded"]);
    expect(execution.usage).toMatchObject({ transitions: 1, invocations: 1 });
  });

  it("are retried as their Retry says, with the delays on the engine's clock", async () => {
    let calls = 0;
    const { run, events, clock } = prepare(ONE_TASK, {
      f: () => {
        calls += 1;
        throw failure("TransientError");
      },
    });
    expect(await run()).toEqual({ status: "FAILED", error: "TransientError", cause: "no" });
    expect(calls).toBe(3);
    expect(events.filter(({ type }) => type === "taskRetried")).toMatchObject([
      { retry: 1, delaySeconds: 2 },
      { retry: 2, delaySeconds: 4 },
    ]);
    expect((clock.now().getTime() - START.getTime()) / 1000).toBe(6);
  });

  it("are not retried for an error that nobody named", async () => {
    let calls = 0;
    const { run, told } = prepare(ONE_TASK, {
      f: () => {
        calls += 1;
        throw failure("BugError");
      },
    });
    expect(await run()).toMatchObject({ status: "FAILED", error: "BugError" });
    expect([calls, told().includes("taskFailed Do")]).toEqual([1, true]);
  });

  it("count their retries anew when the state is entered again", async () => {
    const loop = {
      StartAt: "Do",
      States: {
        Do: { Type: "Task", Resource: "f", Retry: RETRY, Next: "Again" },
        Again: {
          Type: "Choice",
          Choices: [{ Variable: "$.count", NumericLessThan: 2, Next: "Do" }],
          Default: "End",
        },
        End: { Type: "Succeed" },
      },
    };
    let calls = 0;
    const f = () => {
      calls += 1;
      if (calls % 2 === 1) throw failure("TransientError");
      return { count: calls / 2 };
    };
    const { run, events } = prepare(loop, { f });
    expect(await run()).toMatchObject({ status: "SUCCEEDED" });
    expect(
      events.filter(({ type }) => type === "taskRetried").map((event) => "retry" in event && event.retry),
    ).toEqual([1, 1]);
  });
});

describe("waits", () => {
  it.each([
    ["Seconds", { Seconds: 90 }, 90],
    ["SecondsPath", { SecondsPath: "$.wait.seconds" }, 30],
  ])("take their time on the engine's clock (%s)", async (_, how, seconds) => {
    const machine = {
      StartAt: "Do",
      States: {
        Do: { Type: "Task", Resource: "f", Next: "Wait" },
        Wait: { Type: "Wait", ...how, End: true },
      },
    };
    const { run, clock } = prepare(machine, { f: () => ({ wait: { seconds: 30 } }) });
    expect(await run()).toEqual({ status: "SUCCEEDED", output: { wait: { seconds: 30 } } });
    expect((clock.now().getTime() - START.getTime()) / 1000).toBe(seconds);
  });
});

it("tells the iterations of a Map apart by what each is about", async () => {
  const machine = {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemsPath: "$.regions",
        ItemSelector: { "region.$": "$$.Map.Item.Value" },
        ItemProcessor: { StartAt: "Do", States: { Do: { Type: "Task", Resource: "f", End: true } } },
        End: true,
      },
    },
  };
  const { execution, events } = prepare(machine, { f: () => 1 });
  expect(await execution.run("arn:x", "x", "machine", { regions: ["a", "b"] })).toMatchObject({
    output: [1, 1],
  });
  const items = events.flatMap((event) =>
    event.type === "stateExited" && event.state === "Do" ? event.item : [],
  );
  expect(items.sort()).toEqual(["a", "b"]);
});

const WITH_CLEAN_UP = {
  StartAt: "Work",
  States: {
    Work: {
      Type: "Task",
      Resource: "work",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "CleanUp" }],
      Next: "Pause",
    },
    Pause: { Type: "Wait", Seconds: 3600, Next: "More" },
    More: {
      Type: "Task",
      Resource: "work",
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "CleanUp" }],
      End: true,
    },
    CleanUp: { Type: "Task", Resource: "clean", Next: "Settle" },
    Settle: { Type: "Wait", Seconds: 60, Next: "Failed" },
    Failed: { Type: "Fail", Error: "Stopped", Cause: "told to" },
  },
};

describe("stopping from outside", () => {
  it("an interruption cuts a wait short, fails the next step that leads to clean-up, and clean-up takes its time", async () => {
    const calls: string[] = [];
    const { run, execution, clock } = prepare(WITH_CLEAN_UP, {
      work: () => {
        calls.push("work");
        execution.stop.interrupt();
        return {};
      },
      clean: () => {
        calls.push("clean");
        return {};
      },
    });
    expect(await run()).toEqual({ status: "FAILED", error: "Stopped", cause: "told to" });
    expect(calls).toEqual(["work", "clean"]);
    expect((clock.now().getTime() - START.getTime()) / 1000).toBe(60);
  });

  it("an interruption that comes too late changes nothing: clean-up takes its time", async () => {
    const { run, execution, clock } = prepare(WITH_CLEAN_UP, {
      work: () => {
        throw failure("BugError");
      },
      clean: () => execution.stop.interrupt(),
    });
    expect(await run()).toEqual({ status: "FAILED", error: "Stopped", cause: "told to" });
    expect((clock.now().getTime() - START.getTime()) / 1000).toBe(60);
  });

  it("after a kill nothing goes on and nothing is told, though the function never returns", async () => {
    const calls: string[] = [];
    const { run, execution, told } = prepare(WITH_CLEAN_UP, {
      work: () => {
        calls.push("work");
        execution.stop.kill();
        return new Promise(() => undefined);
      },
      clean: () => calls.push("clean"),
    });
    await run();
    expect(calls).toEqual(["work"]);
    expect(told()).toEqual(["executionStarted", "stateEntered Work"]);
  });
});

describe("a Map one of whose iterations fails", () => {
  const copy = { Type: "Task", Resource: "copy", Retry: RETRY };
  const machine = (inner: object) => ({
    StartAt: "Copies",
    States: {
      Copies: {
        Type: "Map",
        ItemsPath: "$.regions",
        ItemSelector: { "region.$": "$$.Map.Item.Value" },
        ItemProcessor: { StartAt: "Copy", States: inner },
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "CleanUp" }],
        ResultPath: "$.copies",
        Next: "Settle",
      },
      CleanUp: { Type: "Task", Resource: "cleanUp", ResultPath: "$.cleanUp", Next: "Settle" },
      Settle: { Type: "Wait", Seconds: 600, End: true },
    },
  });
  const calls: string[] = [];
  const functions = {
    copy: (input: unknown) => {
      const { region } = input as { region: string };
      calls.push(`copy ${region}`);
      throw failure(region === "a" ? "ImageFailedError" : "TransientError");
    },
    cleanUp: () => calls.push("clean up"),
  };
  const run = (inner: object) => {
    calls.length = 0;
    const { execution } = prepare(machine(inner), functions);
    return execution.run("arn:x", "x", "machine", { regions: ["a", "b"] });
  };

  it("stops the others, between two retries as well: nothing is made after clean-up", async () => {
    const outcome = await run({ Copy: { ...copy, End: true } });
    expect(outcome).toMatchObject({ output: { failure: { Error: "ImageFailedError" } } });
    expect(calls).toEqual(["copy a", "copy b", "clean up"]);
  });

  it("goes on where the iteration's own Catch takes the failure: the others are retried", async () => {
    await run({
      Copy: { ...copy, Catch: [{ ErrorEquals: ["ImageFailedError"], Next: "Miss" }], End: true },
      Miss: { Type: "Pass", End: true },
    });
    expect(calls).toEqual(["copy a", "copy b", "copy b", "copy b", "clean up"]);
  });
});
