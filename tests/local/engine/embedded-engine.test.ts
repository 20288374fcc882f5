import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { nameFunction } from "../../../infra/function-name.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { embeddedEngine } from "../../../local/engine/embedded-engine.ts";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";
import { listExecutions, readExecution } from "../../../local/engine/execution-store.ts";

/*
 * A project of its own: one domain with two functions, one machine. The second function fails as often as the input
 * says, by a counter in the module, and never returns when it is to hang.
 */
const GREET = `
  export const handler = async ({ name }, { functionName, awsRequestId }) =>
    ({ greeting: "hello " + name, functionName, hasRequestId: awsRequestId.length === 36 });
`;
const STUMBLE = `
  let failures = 0;
  export const handler = async ({ stumbles }) => {
    if (stumbles === "for ever") return new Promise(() => undefined);
    if (failures++ < stumbles) throw Object.assign(new Error("again"), { name: "TransientError" });
    return { failures: stumbles };
  };
`;
const resourceOf = (handler: string) => `$\{${nameFunction("test", handler).placeholder}}`;
const MACHINE = {
  StartAt: "Greet",
  States: {
    Greet: { Type: "Task", Resource: resourceOf("greet"), ResultPath: "$.greet", Next: "Stumble" },
    Stumble: {
      Type: "Task",
      Resource: resourceOf("stumble"),
      Retry: [{ ErrorEquals: ["TransientError"], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 1 }],
      End: true,
    },
  },
};

let root: string;
let clock: VirtualClock;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nightshift-engine-"));
  const files = {
    "functions/test/handlers/greet.ts": GREET,
    "functions/test/handlers/stumble.ts": STUMBLE,
    "state-machines/test-walk.asl.json": JSON.stringify(MACHINE),
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  clock = new VirtualClock(new Date("2026-11-22T04:00:00Z"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function engine(beforeInvoke: () => Promise<void> = async () => undefined) {
  const account = { stage: "test", region: "us-east-1", accountId: "123456789012" };
  const during = <T>(work: () => Promise<T>) => clock.during(work);
  return embeddedEngine({ root, ...account, clock, folder: join(root, "runs"), during, beforeInvoke });
}

describe("functions", () => {
  it("are called as modules, under the names that they have on AWS", async () => {
    expect(await engine().invoke(nameFunction("test", "greet"), { name: "you" })).toEqual({
      greeting: "hello you",
      functionName: "nightshift-test-test-greet",
      hasRequestId: true,
    });
  });

  it("are found by the placeholders of a machine; events that came in are delivered before each", async () => {
    let deliveries = 0;
    const deliver = async () => {
      deliveries += 1;
    };
    const { outcome } = await engine(deliver).start("test-walk", "run", { name: "you", stumbles: 0 });
    expect(await outcome).toEqual({ status: "SUCCEEDED", output: { failures: 0 } });
    expect(deliveries).toBe(2);
  });

  it("that do not exist end the run, with the placeholder in the reason", async () => {
    rmSync(join(root, "functions/test/handlers/greet.ts"));
    const { outcome } = await engine().start("test-walk", "run", { name: "you", stumbles: 0 });
    expect(await outcome).toMatchObject({
      status: "FAILED",
      cause: expect.stringContaining(resourceOf("greet")),
    });
  });
});

describe("a run", () => {
  it("has the ARN that it would have on AWS, and its story is on record", async () => {
    const seen: ExecutionEvent[] = [];
    const run = await engine().start("test-walk", "run", { name: "you", stumbles: 1 }, (event) =>
      seen.push(event),
    );
    await run.outcome;
    expect(run.executionArn).toBe(
      "arn:aws:states:us-east-1:123456789012:execution:nightshift-test-test-walk:run",
    );
    expect(seen.map(({ type }) => type)).toContain("taskRetried");
    expect(await readExecution(join(root, "runs"), "run")).toEqual(seen);
    expect(listExecutions(join(root, "runs"))).toMatchObject([
      {
        name: "run",
        machine: "test-walk",
        status: "SUCCEEDED",
        startDate: "2026-11-22T04:00:00.000Z",
        stopDate: "2026-11-22T04:00:10.000Z", // the one retry's delay
        output: { failures: 1 },
      },
    ]);
  });

  it("counts what AWS would charge: transitions with retries, calls, and at least a millisecond for each", async () => {
    const run = await engine().start("test-walk", "run", { name: "you", stumbles: 2 });
    await run.outcome;
    // Step Functions charges a retry as a transition. The clock stands still while a function works.
    expect(run.usage).toEqual({ transitions: 4, invocations: 4, billedMilliseconds: 4 });
  });

  it("says on record why it failed", async () => {
    const { outcome } = await engine().start("test-walk", "run", { name: "you", stumbles: 3 });
    await outcome;
    expect(listExecutions(join(root, "runs"))).toMatchObject([
      { status: "FAILED", error: "TransientError", cause: "again" },
    ]);
  });

  it("is refused under a name that was used, and nothing is called", async () => {
    const { outcome } = await engine().start("test-walk", "run", { name: "you", stumbles: 0 });
    await outcome;
    let calls = 0;
    const counting = engine(async () => {
      calls += 1;
    });
    await expect(counting.start("test-walk", "run", { name: "you", stumbles: 0 })).rejects.toMatchObject({
      name: "ExecutionRefusedError",
    });
    expect(calls).toBe(0);
  });

  it("that is killed stays on record as running, as after a power failure, and can be taken up", async () => {
    const input = { name: "you", stumbles: "for ever" };
    let reached = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const run = await engine().start("test-walk", "run", input, (event) => {
      if (event.type === "stateEntered" && event.state === "Stumble") reached();
    });
    await stuck;
    run.kill();
    await run.outcome;
    expect(listExecutions(join(root, "runs"))).toMatchObject([{ status: "RUNNING" }]);
    const types = (await readExecution(join(root, "runs"), "run")).map(({ type }) => type);
    expect(types.at(-1)).toBe("stateEntered");
    const again = await engine().start("test-walk", "run", input);
    again.kill();
    await again.outcome;
  });
});
