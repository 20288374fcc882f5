import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { BillLine } from "../../../local/cloud/contract.ts";
import { leftoversOf } from "../../../local/rehearsal/leftovers.ts";
import { createBucket, createTables } from "../../../local/rehearsal/prepared-account.ts";
import { type RehearsalStage, STAGE, setStage } from "../../../local/rehearsal/stage.ts";

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "nightshift-prepared-"));
const Bucket = `nightshift-${STAGE}-123456789012`;

let stage: RehearsalStage;
let preparing: BillLine[];
let client: {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};
beforeAll(async () => {
  const time = new Date("2026-11-22T04:00:00Z");
  stage = await setStage({ root, fleetFile: join(root, "fleet.yml"), folder, time, faults: [] });
  preparing = stage.cloud.bill();
  const { door } = await stage.powerUp();
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  client = { region: stage.fleet.regions.home, endpoint: door.url, credentials };
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The template of the watch region; all others are of the home region. */
const WATCH = "watch.yml";

interface Template {
  readonly Resources: Record<string, { Type: string; Properties: { TableName: string; KeySchema: unknown } }>;
}

// What a deployment makes, as the templates say it, so that neither goes without the other.
const templates = readdirSync(join(root, "infra")).filter((file) => file.endsWith(".yml"));
const tables = templates.flatMap((file) => {
  const template: Template = parse(readFileSync(join(root, "infra", file), "utf8"));
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === "AWS::DynamoDB::Table")
    .map(({ Properties }) => ({ ...Properties, region: file === WATCH ? "us-west-2" : "us-east-1" }));
});

test("there are tables in both regions", () => {
  expect(new Set(tables.map(({ region }) => region)).size).toBe(2);
});

test.each(tables)("table $TableName of $region has the keys of its template", async (table) => {
  const { TableName, KeySchema, region } = table;
  const dynamodb = new DynamoDBClient({ ...client, region });
  const name = TableName.replace(/\$\{[^}]+\}/, STAGE);
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
  expect(Table?.KeySchema).toEqual(KeySchema);
  dynamodb.destroy();
});

test("the bucket is there; making it again keeps what it holds", async () => {
  const s3 = new S3Client(client);
  await s3.send(new PutObjectCommand({ Bucket, Key: "kept.txt", Body: "kept" }));
  await createBucket(Bucket, client);
  await createTables(STAGE, client);
  const found = await s3.send(new GetObjectCommand({ Bucket, Key: "kept.txt" }));
  expect(await found.Body?.transformToString()).toBe("kept");
  s3.destroy();
});

test("the status page has its bucket in the watch region", async () => {
  const put = async (region: string) => {
    const s3 = new S3Client({ ...client, region });
    await s3
      .send(new PutObjectCommand({ Bucket: `${Bucket}-status`, Key: "index.html", Body: "all is well" }))
      .finally(() => s3.destroy());
  };
  await put("us-west-2");
  await expect(put("us-east-1")).rejects.toMatchObject({ $metadata: { httpStatusCode: 301 } });
});

test("the monitoring's addresses stand in the parameters of their template", async () => {
  const text = readFileSync(join(root, "infra/watch-urls.yml"), "utf8");
  const Names = [...text.matchAll(/ Name: (\/\S+)/g)].map(([, name = ""]) =>
    name.replace(/\$\{[^}]+\}/, STAGE),
  );
  const ssm = new SSMClient({ ...client, region: "us-west-2" });
  const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names }));
  ssm.destroy();
  expect(Parameters.map(({ Name }) => Name).sort()).toEqual(Names.sort());
  expect(Parameters.map(({ Value }) => Value)).toContain("https://sms.lambda-url.us-west-2.on.aws/");
});

test("in a region that wants to be named, too", async () => {
  const west = { ...client, region: "us-west-2" };
  await createBucket("nightshift-west", west);
  await createBucket("nightshift-west", west);
});

test("a refusal is not taken for a bucket that is missing", async () => {
  await expect(createBucket(Bucket, { ...client, region: "us-west-2" })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 301 },
  });
});

test("preparing is not on the bill of a run, and objects are no leftovers of one", async () => {
  expect(preparing).toEqual([]);
  const resources = await stage.cloud.inventory();
  expect(resources.map(({ type }) => type)).toContain("object");
  expect(leftoversOf(resources)).toEqual([]);
});

test("keys of pipes are the same in both regions, and each pipe's its own", async () => {
  const Names = ["MAIL", "PKG", "SSH"].map((name) => `/nightshift/pipes/${name}`);
  const read = async (region: string) => {
    const ssm = new SSMClient({ ...client, region });
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names, WithDecryption: true }));
    return Parameters.map(({ Value }) => Value);
  };
  const keys = await read(stage.fleet.regions.home);
  expect(new Set(keys).size).toBe(3);
  expect(await read(stage.fleet.regions.watch)).toEqual(keys);
});
