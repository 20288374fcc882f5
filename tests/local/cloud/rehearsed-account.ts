import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { S3Client } from "@aws-sdk/client-s3";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SESClient } from "@aws-sdk/client-ses";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { startCloud } from "../../../local/cloud/cloud.ts";
import type { Cloud, CloudOptions, Door } from "../../../local/cloud/contract.ts";
import { type FakeMachine, fakeMachines } from "./fake-machine.ts";

/** Clients of every service in one region. Pointed at AWS, they would run the same list of tests there. */
export interface Clients {
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  readonly ses: SESClient;
  readonly sts: STSClient;
  readonly states: SFNClient;
  readonly dynamodb: DynamoDBClient;
  readonly quotas: ServiceQuotasClient;
  readonly s3: S3Client;
}

/** Makes clients; without an endpoint they are AWS's. */
export function makeClients(region: string, endpoint?: string, maxAttempts = 1): Clients {
  const options = {
    region,
    maxAttempts,
    userAgentAppId: "the-test",
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: { accessKeyId: "REHEARSAL", secretAccessKey: "rehearsal" } }),
  };
  return {
    ec2: new EC2Client(options),
    ssm: new SSMClient(options),
    ses: new SESClient(options),
    sts: new STSClient(options),
    states: new SFNClient(options),
    dynamodb: new DynamoDBClient(options),
    quotas: new ServiceQuotasClient(options),
    s3: new S3Client(options),
  };
}

/** A cloud with one open door, for one test file. */
export interface RehearsedAccount extends Clients {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly door: Door;
  readonly folder: string;
  readonly machines: FakeMachine[];
  in(region: string): Clients;
  /** Lets so much virtual time pass. */
  wait(seconds: number): void;
  close(): Promise<void>;
}

/** The instant at which every test begins. */
export const START = new Date("2026-11-20T12:00:00Z");

export async function openRehearsedAccount(options: Partial<CloudOptions> = {}): Promise<RehearsedAccount> {
  const folder = await mkdtemp(join(tmpdir(), "nightshift-cloud-"));
  const clock = new VirtualClock(START);
  const { startMachine, machines } = fakeMachines();
  const cloud = await startCloud({ clock, folder, startMachine, ...options });
  const door = await cloud.openDoor();
  return {
    ...makeClients("us-east-1", door.url),
    cloud,
    clock,
    door,
    folder,
    machines,
    in: (region) => makeClients(region, door.url),
    wait: (seconds) => clock.advance(seconds * 1000),
    close: async () => {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What an operation failed with, as `Name: message`; fails the test when it did not fail. */
export async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  throw new Error("the call was expected to fail, and succeeded");
}
