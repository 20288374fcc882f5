import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { sfnImageBuilds } from "../../../../functions/updates/adapters/sfn-image-builds.ts";
import type { ImageBuilds } from "../../../../functions/updates/ports.ts";
import type { ExecutionRecord, StartRequest } from "../../../../local/cloud/contract.ts";
import {
  openRehearsedAccount,
  type RehearsedAccount,
  START,
} from "../../../local/cloud/rehearsed-account.ts";
import { inRehearsal } from "../../monitor/fakes/in-rehearsal.ts";
import { newUpdatesTable } from "../fakes/updates-table.ts";

const CHECK = "2026-11-27T06:00:00.000Z";

let records: ExecutionRecord[];
let requests: StartRequest[];
let account: RehearsedAccount;
let builds: ImageBuilds;
let leave: () => void;
beforeEach(async () => {
  records = [];
  requests = [];
  account = await openRehearsedAccount({
    executions: () => records,
    startExecution: async (request) => {
      requests.push(request);
      const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:${request.machine}`;
      const executionArn = `${stateMachineArn.replace("stateMachine", "execution")}:${request.name}`;
      const { name, input } = request;
      records.push({
        ...{ executionArn, stateMachineArn, name, input, status: "RUNNING" },
        ...{ startDate: START, stopDate: undefined },
      });
      return { startDate: START };
    },
  });
  leave = inRehearsal(account);
  builds = sfnImageBuilds(await newUpdatesTable(account));
});
afterEach(async () => {
  leave();
  await account.close();
});

test("starts ami-build of the stage with the image and the check's instant", async () => {
  await builds.start("base", "base-updates-20261127T060000Z", CHECK);
  expect(requests).toMatchObject([
    { name: "base-updates-20261127T060000Z", input: { image: "base", time: CHECK } },
  ]);
  expect(requests[0]?.machine).toMatch(/^nightshift-test\d+-ami-build$/);
});

test.each(["RUNNING", "SUCCEEDED", "FAILED"] as const)(
  "a build of that name that is %s is the one that was meant",
  async (status) => {
    await builds.start("base", "base-updates-20261127T060000Z", CHECK);
    records = records.map((one) => ({ ...one, status }));
    await builds.start("base", "base-updates-20261127T060000Z", CHECK);
    expect(requests).toHaveLength(1);
  },
);

test("that it cannot be started is not hidden", async () => {
  await expect(builds.start("base", "no name", CHECK)).rejects.toMatchObject({ name: "InvalidName" });
});
