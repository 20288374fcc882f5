import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { useLogOutput } from "#platform";
import type { EmbeddedEngine, RunningExecution } from "../../../local/engine/embedded-engine.ts";
import { ExecutionRefusedError } from "../../../local/engine/execution-store.ts";
import type { Outcome } from "../../../local/engine/interpreter.ts";
import { type RehearsalStage, STAGE, setStage } from "../../../local/rehearsal/stage.ts";
import { StartedExecutions } from "../../../local/rehearsal/started-executions.ts";

// Functions of a dead run fail when their stage is taken down; their log goes nowhere.
useLogOutput(() => undefined);

const REQUEST = { machine: "nightshift-rehearsal-billing-entry", name: "evt_1", input: { amount: "1" } };

/** An engine whose executions end when the test says so, and never once they were killed. */
function engine() {
  const running: { machine: string; name: string; input: unknown; end: () => void; killed: boolean }[] = [];
  const start: EmbeddedEngine["start"] = async (machine, name, input) => {
    if (running.some((one) => one.name === name)) throw new ExecutionRefusedError(`${name} runs already`);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const record = {
      machine,
      name,
      input,
      killed: false,
      end: () => resolve({ status: "SUCCEEDED", output: {} }),
    };
    running.push(record);
    return {
      outcome: promise,
      kill: () => {
        record.killed = true;
      },
    } as RunningExecution;
  };
  return { running, engine: { start } as EmbeddedEngine };
}

const open = () => new StartedExecutions("rehearsal", ["billing-entry", "billing-nightly"]);

/** Whether it has resolved by now. */
async function hasEnded(ended: Promise<void>): Promise<boolean> {
  const later = new Promise<"later">((resolve) => setImmediate(() => resolve("later")));
  return (await Promise.race([ended, later])) !== "later";
}

test("the answer does not wait for the end, allEnded does", async () => {
  const [started, power] = [open(), engine()];
  await started.powerUp(power.engine);
  await started.start(REQUEST);
  expect(power.running).toMatchObject([{ machine: "billing-entry", name: "evt_1", input: { amount: "1" } }]);
  const ended = started.allEnded();
  expect(await hasEnded(ended)).toBe(false);
  await started.start({ ...REQUEST, name: "evt_2" }); // one that came while waiting is waited for as well
  power.running[0]?.end();
  expect(await hasEnded(ended)).toBe(false);
  power.running[1]?.end();
  expect(await hasEnded(ended)).toBe(true);
});

test("nothing started is nothing to wait for", async () => {
  expect(await hasEnded(open().allEnded())).toBe(true);
});

test("what a power failure stopped goes on with the next engine, whoever waits for it", async () => {
  const [started, first, second] = [open(), engine(), engine()];
  await started.powerUp(first.engine);
  await started.start(REQUEST);
  const ended = started.allEnded();
  started.powerFailed();
  expect(first.running[0]?.killed).toBe(true);
  first.running[0]?.end(); // a killed run's outcome means nothing
  expect(await hasEnded(ended)).toBe(false);
  await started.powerUp(second.engine);
  expect(second.running).toMatchObject([{ machine: "billing-entry", name: "evt_1", input: { amount: "1" } }]);
  second.running[0]?.end();
  expect(await hasEnded(ended)).toBe(true);
  const third = engine();
  await started.powerUp(third.engine); // what has ended does not come back
  expect(third.running).toEqual([]);
});

describe("refused", () => {
  test.each([
    ["a machine that this project has not", "nightshift-rehearsal-billing-other"],
    ["another stage's", "nightshift-prod-billing-entry"],
    ["one without its stage", "billing-entry"],
  ])("%s", async (_what, machine) => {
    const [started, power] = [open(), engine()];
    await started.powerUp(power.engine);
    await expect(started.start({ ...REQUEST, machine })).rejects.toMatchObject({
      code: "StateMachineDoesNotExist",
    });
    expect(power.running).toEqual([]);
  });

  test("a name that the engine knows, of another machine", async () => {
    const [started, power] = [open(), engine()];
    await started.powerUp(power.engine);
    await started.start(REQUEST);
    const other = { ...REQUEST, machine: "nightshift-rehearsal-billing-nightly" };
    await expect(started.start(other)).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
  });
});

describe("through Step Functions, on a stage", () => {
  const root = join(import.meta.dirname, "../../..");
  const folder = mkdtempSync(join(tmpdir(), "nightshift-started-"));
  const time = "2026-11-22T04:00:00.000Z";
  let stage: RehearsalStage;
  beforeAll(async () => {
    const setting = { root, fleetFile: join(root, "fleet.yml"), folder, time: new Date(time), faults: [] };
    stage = await setStage(setting);
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const statesAt = (endpoint: string) => {
    const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
    return new SFNClient({ region: stage.fleet.regions.home, endpoint, credentials, maxAttempts: 1 });
  };
  const arnOf = (machine: string) =>
    `arn:aws:states:${stage.fleet.regions.home}:123456789012:stateMachine:nightshift-${STAGE}-${machine}`;
  const start = (states: SFNClient, machine: string, name: string) =>
    states.send(
      new StartExecutionCommand({ stateMachineArn: arnOf(machine), name, input: JSON.stringify({ time }) }),
    );
  const statusesOf = async (states: SFNClient) => {
    const { executions = [] } = await states.send(
      new ListExecutionsCommand({ stateMachineArn: arnOf("ami-reap") }),
    );
    return Object.fromEntries(executions.map(({ name, status }) => [name, status]));
  };

  test("one runs on the engine, after its caller has its answer", async () => {
    const states = statesAt((await stage.powerUp()).door.url);
    await Promise.all([start(states, "ami-reap", "calm"), start(states, "ami-reap", "calm")]); // one, twice
    await stage.started();
    expect(await statusesOf(states)).toEqual({ calm: "SUCCEEDED" });
    await expect(start(states, "ami-reap", "calm")).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    await expect(start(states, "none", "calm")).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
  });

  test("the power fails at its first call, and it ends with the next engine", async () => {
    const { door } = await stage.powerUp();
    const failed = new Promise<void>((resolve) => {
      door.onCall = async ({ caller }) => {
        if (!caller.startsWith("nightshift-")) return;
        door.freeze();
        resolve();
      };
    });
    await start(statesAt(door.url), "ami-reap", "cut").catch(() => undefined); // it may freeze with it
    await failed;
    const states = statesAt((await stage.powerUp()).door.url);
    await stage.started();
    expect(await statusesOf(states)).toEqual({ calm: "SUCCEEDED", cut: "SUCCEEDED" });
  });
});
