import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { clock } from "#platform";
import { createConfigurationSet, createTables } from "../../../local/rehearsal/prepared-account.ts";
import { type RehearsalStage, STAGE, type StageSetting, setStage } from "../../../local/rehearsal/stage.ts";

const ROOT = join(import.meta.dirname, "../../..");
const TIME = new Date("2026-11-22T04:00:00.000Z");

let folder: string;
let stage: RehearsalStage | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-stage-"));
});
afterEach(async () => {
  await stage?.close();
  stage = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function open(changes: Partial<StageSetting> = {}): Promise<RehearsalStage> {
  const fleetFile = join(ROOT, "fleet.yml");
  stage = await setStage({ root: ROOT, fleetFile, folder, time: TIME, faults: [], ...changes });
  return stage;
}

describe("what an operator got wrong is said before anything starts", () => {
  it("a fault that there is not", async () => {
    await expect(open({ faults: ["ec2:CreateImages:InternalError"] })).rejects.toMatchObject({
      name: "UnknownFaultError",
    });
  });

  it.each(["copy-failed@eu-west-9", "ec2:CopyImage:Throttling@eu-west-1"])(
    "a fault where the fleet never goes: %s",
    async (fault) => {
      await expect(open({ faults: [fault] })).rejects.toMatchObject({
        name: "UnknownFaultError",
        message: expect.stringContaining("there are us-east-1, us-west-2"),
      });
    },
  );

  it("a broken fleet", async () => {
    const fleetFile = join(folder, "broken.yml");
    writeFileSync(fleetFile, "regions: 7\n");
    await expect(open({ fleetFile })).rejects.toMatchObject({ name: "FleetError" });
  });

  it("a port that another program has", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const occupied = await open({ port });
    await expect(occupied.powerUp()).rejects.toMatchObject({ code: "EADDRINUSE", port });
    other.close();
  });
});

describe("the account", () => {
  it("has what a deployment makes; to make it again changes nothing", async () => {
    const { door } = await (await open()).powerUp();
    const client = {
      region: "us-east-1",
      endpoint: door.url,
      credentials: { accessKeyId: "OWNER", secretAccessKey: "owner" },
    };
    await createTables(STAGE, client);
    await createConfigurationSet(STAGE, client);
    const dynamodb = new DynamoDBClient(client);
    const found = await dynamodb.send(
      new DescribeTableCommand({ TableName: `nightshift-${STAGE}-ami-builds` }),
    );
    expect(found.Table?.KeySchema).toEqual([
      { AttributeName: "image", KeyType: "HASH" },
      { AttributeName: "id", KeyType: "RANGE" },
    ]);
    dynamodb.destroy();
  });
});

describe("the process that rehearses", () => {
  it("lives by the stage's clock and environment, and by its own again afterwards", async () => {
    const before = { ...process.env };
    const opened = await open();
    const { door } = await opened.powerUp();
    expect(clock.now()).toEqual(opened.clock.now());
    expect(process.env.AWS_ENDPOINT_URL).toBe(door.url);
    await opened.close();
    stage = undefined;
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(60_000);
    expect({ ...process.env }).toEqual(before);
  });

  it("goes through another door after a power failure; the frozen one answers nobody", async () => {
    const opened = await open();
    const first = await opened.powerUp();
    first.door.freeze();
    const second = await opened.powerUp();
    expect(second.door.url).not.toBe(first.door.url);
    expect(process.env.AWS_ENDPOINT_URL).toBe(second.door.url);
    const ask = fetch(first.door.url, {
      method: "POST",
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    const answer = await Promise.race([ask.then(() => "answered").catch(() => "refused"), aMoment()]);
    expect(answer).not.toBe("answered");
  });
});

describe("a place", () => {
  it("gives functions its region and its bucket, and executions its region", async () => {
    const opened = await open();
    const { engine } = await opened.powerUp("watch");
    expect(process.env).toMatchObject({
      AWS_REGION: "us-west-2",
      NIGHTSHIFT_BUCKET: `nightshift-${STAGE}-123456789012-status`,
    });
    const time = TIME.toISOString();
    const { executionArn, outcome } = await engine.start("ami-reap", "here", { time });
    expect(executionArn).toBe(
      `arn:aws:states:us-west-2:123456789012:execution:nightshift-${STAGE}-ami-reap:here`,
    );
    await outcome;
    await opened.powerUp(); // home again
    expect(process.env).toMatchObject({
      AWS_REGION: "us-east-1",
      NIGHTSHIFT_BUCKET: `nightshift-${STAGE}-123456789012`,
    });
  });
});

function aMoment(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve("nothing yet"), 200));
}
