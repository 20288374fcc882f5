import {
  CreateTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
} from "@aws-sdk/client-service-quotas";
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  paginateListExecutions,
} from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ExecutionRecord } from "../../../local/cloud/contract.ts";
import { failure, openRehearsedAccount, type RehearsedAccount } from "./rehearsed-account.ts";

const MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:ami-build";
const executions: ExecutionRecord[] = ["one", "two", "three"].map((name, index) => ({
  executionArn: `${MACHINE.replace("stateMachine", "execution")}:${name}`,
  stateMachineArn: MACHINE,
  name,
  status: index === 2 ? "RUNNING" : "SUCCEEDED",
  startDate: new Date(Date.UTC(2026, 10, 20, index)),
  stopDate: index === 2 ? undefined : new Date(Date.UTC(2026, 10, 20, index, 30)),
}));

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount({ executions: () => [...executions] });
});
afterAll(() => account.close());

test("STS tells the account", async () => {
  const identity = await account.sts.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: account.cloud.accountId,
    Arn: expect.stringMatching(/^arn:aws:iam::\d{12}:/),
  });
});

test("Service Quotas knows the one quota that RunInstances enforces", async () => {
  const standard = { ServiceCode: "ec2", QuotaCode: "L-1216C47A" };
  expect((await account.quotas.send(new GetServiceQuotaCommand(standard))).Quota?.Value).toBe(32);
  expect((await account.quotas.send(new GetAWSDefaultServiceQuotaCommand(standard))).Quota?.Value).toBe(5);
  const listed = await account.quotas.send(new ListServiceQuotasCommand({ ServiceCode: "ec2" }));
  expect(listed.Quotas?.map(({ QuotaCode }) => QuotaCode)).toEqual(["L-1216C47A"]);
  const unknown = new GetServiceQuotaCommand({ ...standard, QuotaCode: "L-00000000" });
  expect(await failure(account.quotas.send(unknown))).toMatch(/^NoSuchResourceException/);
});

describe("Step Functions reports what the engine keeps", () => {
  test("one execution, dates and all", async () => {
    const [one] = executions;
    const found = await account.states.send(
      new DescribeExecutionCommand({ executionArn: one?.executionArn }),
    );
    expect(found).toMatchObject({
      status: "SUCCEEDED",
      name: "one",
      startDate: one?.startDate,
      stopDate: one?.stopDate,
    });
  });

  test("one that does not exist, and what is no ARN", async () => {
    const ask = (executionArn: string) =>
      failure(account.states.send(new DescribeExecutionCommand({ executionArn })));
    const arn = "arn:aws:states:us-east-1:123456789012:execution:ami-build:none";
    expect(await ask(arn)).toBe(`ExecutionDoesNotExist: Execution Does Not Exist: '${arn}'`);
    expect(await ask("none")).toMatch(/^InvalidArn/);
  });

  test("lists, latest first, page by page, by status", async () => {
    const names: string[][] = [];
    const listing = paginateListExecutions(
      { client: account.states, pageSize: 2 },
      { stateMachineArn: MACHINE },
    );
    for await (const page of listing) names.push((page.executions ?? []).map(({ name = "" }) => name));
    expect(names).toEqual([["three", "two"], ["one"]]);
    const running = paginateListExecutions(
      { client: account.states },
      { stateMachineArn: MACHINE, statusFilter: "RUNNING" },
    );
    for await (const page of running) expect(page.executions?.map(({ name }) => name)).toEqual(["three"]);
    const machines = await account.states.send(new ListStateMachinesCommand({}));
    expect(machines.stateMachines).toMatchObject([
      { name: "ami-build", stateMachineArn: MACHINE, type: "STANDARD" },
    ]);
  });
});

describe("DynamoDB", () => {
  const make = (of: RehearsedAccount, region = "us-east-1") =>
    of.in(region).dynamodb.send(
      new CreateTableCommand({
        TableName: "ledger",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "key", KeyType: "HASH" }],
      }),
    );

  test("conditions hold, regions are apart, and consumption shows to whoever asks", async () => {
    await make(account);
    const put = (S: string) =>
      account.dynamodb.send(
        new PutItemCommand({
          TableName: "ledger",
          Item: { key: { S }, amount: { N: "0.000000000000000001" } },
          ConditionExpression: "attribute_not_exists(#k)",
          ExpressionAttributeNames: { "#k": "key" },
        }),
      );
    expect((await put("a")).ConsumedCapacity).toBeUndefined();
    expect(await failure(put("a"))).toBe("ConditionalCheckFailedException: The conditional request failed");
    const get = new GetItemCommand({
      TableName: "ledger",
      Key: { key: { S: "a" } },
      ReturnConsumedCapacity: "TOTAL",
    });
    const found = await account.dynamodb.send(get);
    expect(found.Item?.amount).toEqual({ N: "0.000000000000000001" }); // to the last digit
    expect(found.ConsumedCapacity?.CapacityUnits).toBe(0.5);
    const west = account.in("us-west-2").dynamodb.send(new DescribeTableCommand({ TableName: "ledger" }));
    expect(await failure(west)).toMatch(/^ResourceNotFoundException/);
  });

  test("tables are named in the record of calls, items are in the inventory", async () => {
    await account.dynamodb.send(new ScanCommand({ TableName: "ledger" }));
    expect(account.cloud.calls().at(-1)).toMatchObject({
      service: "dynamodb",
      operation: "Scan",
      resources: ["ledger"],
    });
    const items = (await account.cloud.inventory()).filter(({ type }) => type === "table-item");
    expect(items).toMatchObject([
      { name: "ledger", region: "us-east-1", id: expect.stringContaining('"key":{"S":"a"}') },
    ]);
  });
});

test("CloudFormation: nothing has been deployed yet", async () => {
  const ask = async (body: string) => {
    const authorization = "AWS4-HMAC-SHA256 Credential=k/20261120/us-east-1/cloudformation/aws4_request";
    const answer = await fetch(account.door.url, { method: "POST", headers: { authorization }, body });
    return `${answer.status} ${await answer.text()}`;
  };
  expect(await ask("Action=DescribeStacks&StackName=nightshift-prod")).toMatch(
    /^400 .*<Code>ValidationError<\/Code><Message>Stack with id nightshift-prod does not exist<\/Message>/,
  );
  expect(await ask("Action=ListStacks")).toMatch(/^200 .*<StackSummaries><\/StackSummaries>/);
  expect(await ask("Action=ValidateTemplate&TemplateBody=%7B%7D")).toMatch(/^200 /);
  expect(await ask("Action=ValidateTemplate&TemplateBody=nonsense")).toMatch(/^400 .*JSON not well-formed/);
});
