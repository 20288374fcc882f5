import { describe, expect, test } from "@jest/globals";
import {
  findMachine,
  followExecution,
  machineOfArn,
  readHistory,
} from "../../../cli/deployed/follow-execution.ts";
import type { ExecutionEvent } from "../../../local/engine/execution-event.ts";
import { FakeMachines } from "../fixtures/fake-machines.ts";
import { HistoryBuilder } from "../fixtures/history.ts";

const ARN = "arn:aws:states:us-east-1:123456789012:execution:nightshift-prod-ami-build:night";

function shortRun() {
  const history = new HistoryBuilder();
  history.start();
  for (const state of ["ValidateBuild", "LaunchBuilder", "CreateImage"]) {
    history.enter(0, state);
    history.succeed(1);
    history.exit(1, state);
  }
  history.add(2, "ExecutionSucceeded", { executionSucceededEventDetails: { output: "{}" } });
  return history.events;
}

async function follow(machines: FakeMachines, stopAfter = Number.POSITIVE_INFINITY) {
  const seen: ExecutionEvent[] = [];
  const abort = new AbortController();
  let sleeps = 0;
  const end = await followExecution(machines, ARN, "ami-build", {
    signal: abort.signal,
    onEvent: (event) => seen.push(event),
    sleep: async () => {
      sleeps += 1;
      if (sleeps >= stopAfter) abort.abort();
    },
  });
  return { seen, end, sleeps };
}

describe("following", () => {
  test.each([
    { pageSize: 1000, why: "a history that fits one page, which grows under the same token" },
    { pageSize: 4, why: "a history of several pages" },
    { pageSize: 1, why: "a page per event" },
  ])("hands out every event once, in order: $why", async ({ pageSize }) => {
    const events = shortRun();
    const whole = await readHistory(new FakeMachines([], events, 1000, events.length), ARN, "ami-build");
    const { seen, end } = await follow(new FakeMachines([], events, pageSize));
    expect(seen).toEqual(whole);
    expect(end?.type).toBe("executionSucceeded");
    expect(seen).toHaveLength(8);
  });

  test("does not read old pages again", async () => {
    const machines = new FakeMachines([], shortRun(), 4);
    await follow(machines);
    const asked = machines.tokens.map((token) => Number(token ?? 0));
    expect(asked).toEqual([...asked].sort((a, b) => a - b));
    expect([...new Set(asked)]).toEqual([0, 4, 8, 12, 16]);
  });

  test("ends without an end when nobody wants to see more", async () => {
    const { end, seen } = await follow(new FakeMachines([], shortRun()), 3);
    expect(end).toBeUndefined();
    expect(seen.length).toBeGreaterThan(0);
  });
});

describe("the deployed machine of a stage", () => {
  const deployed = [
    "other",
    "nightshift-prod-ami-build",
    "nightshift-prod-ami-reap",
    "nightshift-blue-green-ami-build",
  ];

  test("is found by its name", async () => {
    const { name } = await findMachine(new FakeMachines(deployed), "prod", "ami-build");
    expect(name).toBe("nightshift-prod-ami-build");
  });

  test.each([
    {
      why: "another stage has it",
      machines: deployed,
      hint: "It is deployed as: prod, blue-green. Choose with --stage.",
    },
    {
      why: "nothing is deployed",
      machines: ["other"],
      hint: "Deploy first: npm run deploy -- --stage test. To try without deploying: nightshift rehearse ami-build",
    },
  ])("is missed with advice: $why", async ({ machines, hint }) => {
    await expect(findMachine(new FakeMachines(machines), "test", "ami-build")).rejects.toMatchObject({
      name: "OperatorError",
      message: 'ami-build is not deployed as stage "test" in us-east-1',
      hint,
    });
  });
});

test.each([
  { arn: ARN, machine: "ami-build", why: "a plain stage" },
  { arn: ARN.replace("prod", "blue-green"), machine: "ami-build", why: "a stage with a hyphen" },
  {
    arn: ARN.replace("ami-build", "gone"),
    machine: "nightshift-prod-gone",
    why: "a machine that the checkout lacks",
  },
])("an execution's ARN names its machine: $why", ({ arn, machine }) => {
  expect(machineOfArn(arn, ["ami-build", "ami-reap"])).toBe(machine);
});
