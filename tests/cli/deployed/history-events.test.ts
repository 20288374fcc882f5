import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { describe, expect, test } from "@jest/globals";
import { HistoryTranslation, isLast } from "../../../cli/deployed/history-events.ts";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";
import { HistoryBuilder } from "../fixtures/history.ts";

const ARN = "arn:aws:states:us-east-1:123456789012:execution:nightshift-prod-ami-build:night";

function translate(history: readonly HistoryEvent[]): ExecutionEvent[] {
  return new HistoryTranslation(ARN, "ami-build").take(history);
}

/** Events in short, since what matters is which, where and in what order. */
function short(events: readonly ExecutionEvent[]): string[] {
  return events.map((event) => {
    if (!("state" in event)) return event.type;
    return [event.type, event.state, ...(event.item === undefined ? [] : [event.item])].join(" ");
  });
}

describe("a history that goes well", () => {
  const history = new HistoryBuilder();
  history.start({ image: "base", time: "2026-11-22T04:00:00Z" });
  history.enter(0, "ValidateBuild");
  history.succeed(0.5);
  history.exit(1, "ValidateBuild", "Task", { plan: 1 });
  history.enter(1, "WaitForBoot", "Wait");
  history.exit(16, "WaitForBoot", "Wait");
  history.enter(16, "IsBuilderReady", "Choice");
  history.exit(16, "IsBuilderReady", "Choice");
  history.enter(16, "AllDone", "Succeed");
  history.exit(16, "AllDone", "Succeed");
  history.add(16, "ExecutionSucceeded", { executionSucceededEventDetails: { output: '{"images":{}}' } });

  test("becomes one event per state entered and exited", () => {
    expect(short(translate(history.events))).toEqual([
      "executionStarted",
      "stateEntered ValidateBuild",
      "stateExited ValidateBuild",
      "stateEntered WaitForBoot",
      "stateExited WaitForBoot",
      "stateEntered IsBuilderReady",
      "stateExited IsBuilderReady",
      "stateEntered AllDone",
      "stateExited AllDone",
      "executionSucceeded",
    ]);
  });

  test("with instants, kinds, input and output", () => {
    const events = translate(history.events);
    const input = { image: "base", time: "2026-11-22T04:00:00Z" };
    expect(events[0]).toEqual({
      at: "2026-11-22T04:00:00.000Z",
      type: "executionStarted",
      executionArn: ARN,
      machine: "ami-build",
      input,
    });
    expect(events[2]).toMatchObject({ at: "2026-11-22T04:00:01.000Z", output: { plan: 1 } });
    expect(events[3]).toMatchObject({ kind: "Wait", input: {} });
    expect(events.at(-1)).toMatchObject({ output: { images: {} } });
  });

  test("is the same, taken event by event", () => {
    const translation = new HistoryTranslation(ARN, "ami-build");
    expect(history.events.flatMap((event) => translation.take([event]))).toEqual(translate(history.events));
  });
});

describe("failures", () => {
  test("a failed attempt that is scheduled again is a retry, with its count and its delay", () => {
    const history = new HistoryBuilder();
    history.start();
    history.enter(0, "CreateImage");
    history.schedule(0);
    history.fail(1, "TransientError", "RequestLimitExceeded: slow down");
    history.schedule(3);
    history.fail(4, "TransientError", "RequestLimitExceeded: slow down");
    history.succeed(8);
    history.exit(9, "CreateImage");
    const events = translate(history.events);
    expect(short(events)).toEqual([
      "executionStarted",
      "stateEntered CreateImage",
      "taskRetried CreateImage",
      "taskRetried CreateImage",
      "stateExited CreateImage",
    ]);
    expect(events[2]).toMatchObject({
      retry: 1,
      delaySeconds: 2,
      error: "TransientError",
      at: "2026-11-22T04:00:01.000Z",
    });
    expect(events[3]).toMatchObject({ retry: 2, delaySeconds: 4 });
    expect(events[2]).toHaveProperty("cause", expect.stringContaining("slow down"));
  });

  test("a second visit of a state counts its retries anew", () => {
    const history = new HistoryBuilder();
    history.start();
    for (const seconds of [0, 60]) {
      history.enter(seconds, "CheckImage");
      history.schedule(seconds);
      history.fail(seconds + 1, "TransientError", "Throttling: again");
      history.succeed(seconds + 3);
      history.exit(seconds + 4, "CheckImage");
    }
    const retries = translate(history.events).flatMap((event) =>
      event.type === "taskRetried" ? event.retry : [],
    );
    expect(retries).toEqual([1, 1]);
  });

  const lasts: { why: string; finish: (history: HistoryBuilder) => void; becomes: string[] }[] = [
    {
      why: "one that is caught: the state is left, and another one entered",
      finish: (history) => {
        history.exit(2, "CreateImage");
        history.enter(2, "CleanUpAfterFailure");
      },
      becomes: ["taskFailed CreateImage", "stateExited CreateImage", "stateEntered CleanUpAfterFailure"],
    },
    {
      why: "one that ends the execution",
      finish: (history) => {
        history.add(2, "ExecutionFailed", {
          executionFailedEventDetails: { error: "InspectionError", cause: "no" },
        });
      },
      becomes: ["taskFailed CreateImage", "executionFailed"],
    },
    {
      why: "one of which nothing more is known yet: it may be retried",
      finish: () => undefined,
      becomes: [],
    },
  ];

  test.each(lasts)("the last attempt: $why", ({ finish, becomes }) => {
    const history = new HistoryBuilder();
    history.start();
    history.enter(0, "CreateImage");
    history.schedule(0);
    history.fail(1, "InspectionError", "sendmail is on");
    finish(history);
    expect(short(translate(history.events)).slice(2)).toEqual(becomes);
  });

  const ends: { why: string; type: HistoryEvent["type"]; details: Partial<HistoryEvent>; becomes: object }[] =
    [
      {
        why: "a machine's own timeout has no name in the history",
        type: "ExecutionTimedOut",
        details: {},
        becomes: { type: "executionFailed", error: "States.Timeout" },
      },
      {
        why: "StopExecution with a cause",
        type: "ExecutionAborted",
        details: { executionAbortedEventDetails: { error: "", cause: "by hand" } },
        becomes: { type: "executionAborted", cause: "by hand" },
      },
      {
        why: "a Fail state",
        type: "ExecutionFailed",
        details: { executionFailedEventDetails: { error: "BuildFailed", cause: "why" } },
        becomes: { type: "executionFailed", error: "BuildFailed", cause: "why" },
      },
    ];

  test.each(ends)("the end: $why", ({ type, details, becomes }) => {
    const history = new HistoryBuilder();
    history.start();
    history.add(5, type, details);
    const last = translate(history.events).at(-1);
    expect(last).toMatchObject(becomes);
    expect(last !== undefined && isLast(last)).toBe(true);
  });

  test("a function's timeout is a failed attempt like any other", () => {
    const history = new HistoryBuilder();
    history.start();
    history.enter(0, "CheckImage");
    history.schedule(0);
    history.add(120, "LambdaFunctionTimedOut", { lambdaFunctionTimedOutEventDetails: {} });
    history.succeed(122);
    expect(translate(history.events)[2]).toMatchObject({
      type: "taskRetried",
      error: "States.Timeout",
      delaySeconds: 2,
    });
  });
});

describe("a Map", () => {
  /** Two regions side by side; the second is throttled. */
  function copies(): HistoryBuilder {
    const history = new HistoryBuilder();
    history.start();
    const map = history.enter(0, "CopyToRegions", "Map");
    const started = history.add(0, "MapStateStarted", { mapStateStartedEventDetails: { length: 2 } }, map);
    const west = history.add(
      0,
      "MapIterationStarted",
      { mapIterationStartedEventDetails: { name: "CopyToRegions", index: 0 } },
      started,
    );
    const east = history.add(
      0,
      "MapIterationStarted",
      { mapIterationStartedEventDetails: { name: "CopyToRegions", index: 1 } },
      started,
    );
    const inWest = history.enter(0, "CopyImage", "Task", { region: "us-west-2" }, west);
    const inEast = history.enter(0, "CopyImage", "Task", { region: "eu-west-1" }, east);
    const westDone = history.succeed(1, inWest);
    history.schedule(1, inEast);
    history.fail(2, "TransientError", "Throttling: slow down");
    const eastDone = history.succeed(4);
    const westLeft = history.exit(4, "CopyImage", "Task", {}, westDone);
    const eastLeft = history.exit(5, "CopyImage", "Task", {}, eastDone);
    history.enter(5, "KeepCopy", "Pass", { no: "region here" }, eastLeft);
    const eastKept = history.exit(5, "KeepCopy", "Pass");
    history.add(
      5,
      "MapIterationSucceeded",
      { mapIterationSucceededEventDetails: { name: "CopyToRegions", index: 0 } },
      westLeft,
    );
    history.add(
      5,
      "MapIterationSucceeded",
      { mapIterationSucceededEventDetails: { name: "CopyToRegions", index: 1 } },
      eastKept,
    );
    history.add(5, "MapStateSucceeded");
    history.exit(5, "CopyToRegions", "Map");
    history.enter(5, "PublishImage");
    return history;
  }

  test("each event carries its region, also where the state's own input has none", () => {
    expect(short(translate(copies().events)).slice(1)).toEqual([
      "stateEntered CopyToRegions",
      "stateEntered CopyImage us-west-2",
      "stateEntered CopyImage eu-west-1",
      "taskRetried CopyImage eu-west-1",
      "stateExited CopyImage us-west-2",
      "stateExited CopyImage eu-west-1",
      "stateEntered KeepCopy eu-west-1",
      "stateExited KeepCopy eu-west-1",
      "stateExited CopyToRegions",
      "stateEntered PublishImage",
    ]);
  });

  test("a failed iteration is told once, and the machine goes on outside of it", () => {
    const history = new HistoryBuilder();
    history.start();
    history.enter(0, "CopyToRegions", "Map");
    history.add(0, "MapStateStarted", { mapStateStartedEventDetails: { length: 1 } });
    history.add(0, "MapIterationStarted", {
      mapIterationStartedEventDetails: { name: "CopyToRegions", index: 0 },
    });
    history.enter(0, "CheckCopy", "Task", { region: "us-west-2" });
    history.schedule(0);
    const failure = history.fail(1, "CopyFailedError", "the copy failed three times");
    history.add(
      1,
      "MapIterationFailed",
      { mapIterationFailedEventDetails: { name: "CopyToRegions", index: 0 } },
      failure,
    );
    history.add(1, "MapStateFailed", {}, failure);
    history.exit(1, "CopyToRegions", "Map", {}, failure);
    history.enter(1, "CleanUpAfterFailure");
    expect(short(translate(history.events)).slice(2)).toEqual([
      "stateEntered CheckCopy us-west-2",
      "taskFailed CheckCopy us-west-2",
      "stateExited CopyToRegions",
      "stateEntered CleanUpAfterFailure",
    ]);
  });

  test("items without a region are told apart by their number", () => {
    const history = new HistoryBuilder();
    history.start();
    history.enter(0, "ChargeAll", "Map");
    history.add(0, "MapStateStarted", { mapStateStartedEventDetails: { length: 1 } });
    history.add(0, "MapIterationStarted", {
      mapIterationStartedEventDetails: { name: "ChargeAll", index: 7 },
    });
    history.enter(0, "Charge", "Task", { account: "secret" });
    expect(short(translate(history.events)).at(-1)).toBe("stateEntered Charge 7");
  });
});
