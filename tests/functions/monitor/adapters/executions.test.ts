import { afterEach, describe, expect, test } from "@jest/globals";
import type { Settings } from "#platform";
import { sfnExecutions } from "../../../../functions/monitor/adapters/sfn-executions.ts";
import type { ExecutionRecord } from "../../../../local/cloud/contract.ts";
import { enterEnvironment, FREEBSD_NOWHERE } from "../../../../local/rehearsal/environment.ts";
import { openRehearsedAccount, type RehearsedAccount } from "../../../local/cloud/rehearsed-account.ts";

const SETTINGS: Settings = {
  stage: "test",
  region: "us-west-2",
  functionName: "nightshift-test-monitor-run-checks",
  fleetFile: "fleet.json",
  sshPort: 22,
  bucket: "nightshift-test",
  twilioUrl: "http://127.0.0.1:1",
  ...FREEBSD_NOWHERE,
};
const HOME = "us-east-1";

let account: RehearsedAccount;
let leave = (): void => undefined;
afterEach(async () => {
  leave();
  await account.close();
});

type Short = readonly [status: ExecutionRecord["status"], started: number, ended?: number];

/** Executions of billing-nightly, by the hours in which they started and ended, on 27 November. */
async function ask(executions: readonly Short[], machine = "billing-nightly") {
  const records: ExecutionRecord[] = [];
  account = await openRehearsedAccount({ executions: () => [...records] });
  const { accountId } = account.cloud;
  for (const [index, [status, started, ended]] of executions.entries())
    records.push({
      executionArn: `arn:aws:states:${HOME}:${accountId}:execution:nightshift-test-billing-nightly:run-${index}`,
      stateMachineArn: `arn:aws:states:${HOME}:${accountId}:stateMachine:nightshift-test-billing-nightly`,
      name: `run-${index}`,
      status,
      startDate: at(started),
      stopDate: ended === undefined ? undefined : at(ended),
    });
  leave = enterEnvironment({ ...SETTINGS, endpoint: account.door.url });
  return sfnExecutions(SETTINGS, HOME)(machine);
}

function at(hour: number): Date {
  return new Date(Date.UTC(2026, 10, 27) + hour * 3_600_000);
}

const NOTHING = {
  succeededAt: undefined,
  runningSince: undefined,
  failedAt: undefined,
  failedStatus: undefined,
};

describe("executions", () => {
  test.each<[string, readonly Short[], object]>([
    ["none", [], {}],
    [
      "the last success",
      [
        ["SUCCEEDED", 0, 1],
        ["SUCCEEDED", 2, 3],
      ],
      { succeededAt: at(3) },
    ],
    [
      "by its end, not by its start",
      [
        ["SUCCEEDED", 0, 9],
        ["SUCCEEDED", 2, 3],
      ],
      { succeededAt: at(9) },
    ],
    [
      "what failed and what runs since",
      [
        ["SUCCEEDED", 0, 1],
        ["TIMED_OUT", 2, 3],
        ["ABORTED", 4, 5],
        ["RUNNING", 6],
      ],
      { succeededAt: at(1), failedAt: at(5), failedStatus: "ABORTED", runningSince: at(6) },
    ],
    [
      "a success behind more failures than one looks at",
      [
        ["SUCCEEDED", 0, 1],
        ...Array.from({ length: 150 }, (_, hour): Short => ["FAILED", hour + 2, hour + 3]),
      ],
      { succeededAt: at(1), failedAt: at(152), failedStatus: "FAILED" },
    ],
  ])("%s", async (_why, executions, expected) => {
    expect(await ask(executions)).toEqual({ ...NOTHING, ...expected });
  });

  test("two calls at most, in the home region; who we are is asked in our own", async () => {
    await ask([["FAILED", 0, 1]]);
    const made = account.cloud.calls().map(({ operation, region }) => `${operation} ${region}`);
    expect(made).toEqual([
      "GetCallerIdentity us-west-2",
      "ListExecutions us-east-1",
      "ListExecutions us-east-1",
    ]);
  });

  test("of another machine nothing is said", async () => {
    expect(await ask([["SUCCEEDED", 0, 1]], "ami-build")).toEqual(NOTHING);
  });

  test("a home region that does not answer is named", async () => {
    await ask([]);
    leave();
    leave = enterEnvironment({ ...SETTINGS, endpoint: "http://127.0.0.1:1" });
    await expect(sfnExecutions(SETTINGS, HOME)("billing-nightly")).rejects.toThrow(
      /^Step Functions in us-east-1 said nothing of billing-nightly: \w+$/,
    );
  });
});
