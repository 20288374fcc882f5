import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AwsError } from "../../../../local/cloud/aws-error.ts";
import type { ExecutionRecord, StartRequest } from "../../../../local/cloud/contract.ts";
import { failure, openRehearsedAccount, type RehearsedAccount, START } from "../rehearsed-account.ts";

const MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:nightshift-rehearsal-billing-entry";
const arnOf = (name: string) => `${MACHINE.replace("stateMachine", "execution")}:${name}`;

/** An engine that keeps what it was told to start, and lets the test say when something ends. */
function engine() {
  const records: ExecutionRecord[] = [];
  const requests: StartRequest[] = [];
  return {
    records,
    requests,
    executions: () => [...records],
    startExecution: async (request: StartRequest) => {
      if (!request.machine.endsWith("billing-entry")) {
        throw new AwsError("StateMachineDoesNotExist", "State Machine Does Not Exist");
      }
      requests.push(request);
      const { name, input } = request;
      const common = { executionArn: arnOf(name), stateMachineArn: MACHINE, name, input };
      records.push({ ...common, status: "RUNNING", startDate: START, stopDate: undefined });
      return { startDate: START };
    },
    end: (name: string, status: ExecutionRecord["status"]) => {
      const index = records.findIndex((one) => one.name === name);
      records[index] = { ...(records[index] as ExecutionRecord), status, stopDate: START };
    },
  };
}

let states: ReturnType<typeof engine>;
let account: RehearsedAccount;
beforeEach(async () => {
  states = engine();
  account = await openRehearsedAccount({
    executions: states.executions,
    startExecution: states.startExecution,
  });
});
afterEach(() => account.close());

const start = (name: string | undefined, input?: string, stateMachineArn = MACHINE) =>
  account.states.send(new StartExecutionCommand({ stateMachineArn, name, input }));

test("starts the machine with its input, and tells what was started", async () => {
  const started = await start("evt_1", '{"account":"a1","amount":"12"}');
  expect(started).toMatchObject({ executionArn: arnOf("evt_1"), startDate: START });
  expect(states.requests).toEqual([
    {
      ...{ machine: "nightshift-rehearsal-billing-entry", name: "evt_1" },
      input: { account: "a1", amount: "12" },
    },
  ]);
  const found = await account.states.send(new DescribeExecutionCommand({ executionArn: arnOf("evt_1") }));
  expect(found).toMatchObject({ status: "RUNNING", input: '{"account":"a1","amount":"12"}' });
  expect(account.cloud.calls()[0]).toMatchObject({ operation: "StartExecution", resources: [MACHINE] });
});

test("without a name it gets one, without input an empty one", async () => {
  const [one, other] = [await start(undefined), await start(undefined)];
  expect(one.executionArn).not.toBe(other.executionArn);
  expect(states.requests.map(({ input }) => input)).toEqual([{}, {}]);
});

describe("the same name again", () => {
  test("and the same input, while it runs: the same answer, and no second execution", async () => {
    const ends = await Promise.all(["{}", "{ }", "{}"].map((input) => start("twice", input)));
    expect(new Set(ends.map(({ executionArn }) => executionArn))).toEqual(new Set([arnOf("twice")]));
    expect(states.requests).toHaveLength(1);
  });

  test.each<[string, string, ExecutionRecord["status"]]>([
    ["another input", '{"amount":"2"}', "RUNNING"],
    ["it succeeded", '{"amount":"1"}', "SUCCEEDED"],
    ["it failed", '{"amount":"1"}', "FAILED"],
    ["it was aborted", '{"amount":"1"}', "ABORTED"],
  ])("refused: %s", async (_why, input, status) => {
    await start("once", '{"amount":"1"}');
    states.end("once", status);
    expect(await failure(start("once", input))).toBe(
      `ExecutionAlreadyExists: Execution Already Exists: '${arnOf("once")}'`,
    );
    expect(states.requests).toHaveLength(1);
  });
});

describe("refused, and nothing is started", () => {
  test.each([
    ["nothing", ""],
    ["81 characters", "x".repeat(81)],
    ["a blank", "a b"],
    ["a colon, of which ARNs are made", "a:b"],
    ["a slash", "a/b"],
    ["a wildcard", "a*"],
    ["a bracket", "a[1]"],
    ["a control character", "a\u0085"],
    ["a character of two halves", "a😀"],
  ])("a name with %s", async (_what, name) => {
    expect(await failure(start(name))).toBe(`InvalidName: Invalid Name: '${name}'`);
    expect(states.requests).toEqual([]);
  });

  test.each([
    ["input that is no JSON", "{", MACHINE, /^InvalidExecutionInput/],
    ["input of more than 256 KiB", JSON.stringify("x".repeat(262_143)), MACHINE, /^InvalidExecutionInput/],
    ["what is no ARN", "{}", "billing-entry", /^InvalidArn/],
    ["a machine that is not there", "{}", MACHINE.replace("entry", "other"), /^StateMachineDoesNotExist/],
  ])("%s", async (_what, input, arn, message) => {
    expect(await failure(start("name", input, arn))).toMatch(message);
    expect(states.requests).toEqual([]);
  });

  test("anything, where nobody runs machines", async () => {
    const idle = await openRehearsedAccount();
    const call = idle.states.send(new StartExecutionCommand({ stateMachineArn: MACHINE }));
    expect(await failure(call)).toMatch(/^StateMachineDoesNotExist/);
    await idle.close();
  });
});

test.each(["x".repeat(80), "evt_1.a-b@c=d+e!(f)", "наука"])("%s is a name", async (name) => {
  expect((await start(name)).executionArn).toBe(arnOf(name));
});
