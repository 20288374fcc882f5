import { CreateTableCommand, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CopyImageCommand,
  CreateImageCommand,
  DeregisterImageCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { expect, test } from "@jest/globals";
import { PRICES } from "../../../local/cloud/prices.ts";
import { openRehearsedAccount, type RehearsedAccount } from "./rehearsed-account.ts";

const HOUR = 3600;

async function launch(account: RehearsedAccount): Promise<string> {
  const parameter = await account.ssm.send(
    new GetParameterCommand({ Name: "/aws/service/freebsd/amd64/builder/ufs/15.1/RELEASE" }),
  );
  const made = await account.ec2.send(
    new RunInstancesCommand({
      ImageId: parameter.Parameter?.Value,
      InstanceType: "r7i.large",
      MinCount: 1,
      MaxCount: 1,
      BlockDeviceMappings: [
        { DeviceName: "/dev/sda1", Ebs: { VolumeSize: 10, VolumeInitializationRate: 300 } },
      ],
    }),
  );
  return made.Instances?.[0]?.InstanceId ?? "";
}

const terminate = (account: RehearsedAccount, id: string) =>
  account.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));

/** The bill as what → quantity, calls' own 40 ms rounded away. */
function quantities(account: RehearsedAccount): Record<string, number> {
  return Object.fromEntries(
    account.cloud.bill().map(({ what, quantity }) => [what, Number(quantity.toPrecision(3))]),
  );
}

test("an empty account costs nothing", async () => {
  const account = await openRehearsedAccount();
  expect(account.cloud.bill()).toEqual([]);
  await account.close();
});

test("an instance is charged from launch to termination, for a minute at least", async () => {
  const account = await openRehearsedAccount();
  const id = await launch(account);
  account.wait(2 * HOUR);
  expect(quantities(account)["EC2 r7i.large, us-east-1"]).toBe(2);
  await terminate(account, id);
  account.wait(10 * HOUR);
  expect(quantities(account)).toEqual({
    "EC2 r7i.large, us-east-1": 2,
    "public IPv4 addresses, us-east-1": 2,
    "EBS gp3 volumes, us-east-1": 0.0275, // 10 GiB for 2 h and 20 s, of a month of 730 h
    "EBS volume initialization, us-east-1": 900, // 3 GiB at 300 MiB/s
  });
  const short = await launch(account);
  await terminate(account, short);
  expect(quantities(account)["EC2 r7i.large, us-east-1"]).toBe(2.02); // 60 s more
  const line = account.cloud.bill().find(({ what }) => what.startsWith("EC2"));
  expect(line?.priceUsd).toBe(PRICES.instanceHour["r7i.large"]);
  expect(line?.costUsd).toBeCloseTo(2 * 0.1323, 2);
  await account.close();
});

test("snapshots are charged while they exist, copies by what crosses to another region", async () => {
  const account = await openRehearsedAccount();
  const id = await launch(account);
  account.wait(60);
  const { ImageId } = await account.ec2.send(
    new CreateImageCommand({ InstanceId: id, Name: "img", NoReboot: true }),
  );
  account.wait(HOUR);
  const west = account.in("us-west-2").ec2;
  const request = { Name: "img", SourceRegion: "us-east-1", SourceImageId: ImageId };
  const copied = await west.send(new CopyImageCommand(request));
  account.wait(365 * HOUR);
  await west.send(new DeregisterImageCommand({ ImageId: copied.ImageId, DeleteAssociatedSnapshots: true }));
  account.wait(364 * HOUR);
  expect(quantities(account)).toMatchObject({
    "EBS snapshots, us-east-1": 3, // GB-months: a month has passed
    "EBS snapshots, us-west-2": 1.5,
    "copies into us-west-2": 3,
  });
  await account.close();
});

test("DynamoDB is charged in request units, by size", async () => {
  const account = await openRehearsedAccount();
  const client: DynamoDBClient = account.dynamodb;
  await client.send(
    new CreateTableCommand({
      TableName: "sizes",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "key", KeyType: "HASH" }],
    }),
  );
  await client.send(new PutItemCommand({ TableName: "sizes", Item: { key: { S: "small" } } }));
  await client.send(
    new PutItemCommand({
      TableName: "sizes",
      Item: { key: { S: "x".repeat(1000) }, more: { S: "y".repeat(1500) } },
    }),
  );
  expect(quantities(account)["DynamoDB writes"]).toBe(1 + 3);
  await account.close();
});
