import { randomBytes } from "node:crypto";
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, HeadBucketCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import {
  ConfigurationSetAlreadyExistsException,
  CreateConfigurationSetCommand,
  SESClient,
} from "@aws-sdk/client-ses";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Fleet } from "#fleet";
import { PLACES, type Place, regionOf } from "../../infra/place.ts";
import type { Cloud } from "../cloud/contract.ts";
import { bucketName } from "./environment.ts";

/**
 * Does to a rehearsed account what the owner and the deployment do once to a real one: verify the sending identities,
 * make the pipe keys, create the tables and buckets of both regions, and note the monitoring's addresses (the templates
 * in infra/).
 */
export async function prepareAccount(cloud: Cloud, fleet: Fleet, stage: string): Promise<void> {
  cloud.verifyIdentity(fleet.owner.from);
  cloud.verifyIdentity(fleet.owner.mail); // a new account is in SES's sandbox: recipients are verified, too
  if (fleet.billing !== undefined) {
    cloud.verifyIdentity(fleet.billing.from);
    cloud.verifyIdentity(fleet.billing.domain); // so customers of a rehearsal have addresses there
  }
  const door = await cloud.openDoor();
  const clientIn = (place: Place) => ({
    region: regionOf(place, fleet.regions),
    endpoint: door.url,
    credentials: { accessKeyId: "OWNER", secretAccessKey: "owner" },
  });
  await makePipeKeys(fleet, PLACES.map(clientIn));
  for (const place of PLACES) {
    await createTables(stage, clientIn(place), place);
    await createBucket(bucketName(stage, cloud.accountId, place), clientIn(place));
  }
  await createConfigurationSet(stage, clientIn("home"));
  await noteAddresses(stage, clientIn("watch"));
  await door.close();
}

/** What the owner's clients are made with; on real AWS the region alone, the rest being the SDK's own settings. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Each key is the same in all regions: those of hosts are used from both. */
async function makePipeKeys(fleet: Fleet, clients: readonly ClientOptions[]): Promise<void> {
  const names = Object.values(fleet.images).flatMap((image) =>
    Object.values(image.pipes).map(({ keyParameter }) => keyParameter),
  );
  const keys = new Map(names.map((name) => [name, randomBytes(32).toString("base64")]));
  for (const client of clients) {
    const ssm = new SSMClient(client);
    for (const [Name, Value] of keys)
      await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString" }));
    ssm.destroy();
  }
}

/** The parameters of infra/watch-urls.yml, with URLs as Lambda makes them. Nobody answers there. */
async function noteAddresses(stage: string, client: ClientOptions): Promise<void> {
  const ssm = new SSMClient(client);
  for (const what of ["sms", "keypress", "delivery", "heartbeat"]) {
    const Name = `/nightshift/${stage}/monitor/${what}-url`;
    const Value = `https://${what}.lambda-url.${client.region}.on.aws/`;
    await ssm.send(new PutParameterCommand({ Name, Value, Type: "String" }));
  }
  ssm.destroy();
}

/** The tables of each place without their stage, and their keys: the partition's, and the sort key where there is one. */
const TABLES: Readonly<Record<Place, Readonly<Record<string, string[]>>>> = {
  home: {
    "ami-builds": ["image", "id"],
    "mail-sends": ["key"],
    "mail-suppressions": ["address"],
    accounts: ["account"],
    statements: ["account", "month"],
    "billing-days": ["book", "day"],
    payments: ["payment"],
    rotations: ["pipe"],
    updates: ["check", "item"],
  },
  watch: { monitor: ["part", "item"] },
};

/** Creates the tables that a stage has in a place, in the client's region, where they are missing. Safe to repeat. */
export async function createTables(
  stage: string,
  client: ClientOptions,
  place: Place = "home",
): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  for (const [table, keys] of Object.entries(TABLES[place]))
    await createTable(dynamodb, `nightshift-${stage}-${table}`, keys);
  dynamodb.destroy();
}

/**
 * Creates a bucket where it is missing. Safe to repeat: an existing one is only looked at, since creating it again
 * would reset its access control list in us-east-1 (S3 API, CreateBucket).
 */
export async function createBucket(Bucket: string, client: ClientOptions): Promise<void> {
  const s3 = new S3Client(client);
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 404) throw error;
    await s3.send(new CreateBucketCommand({ Bucket }));
  } finally {
    s3.destroy();
  }
}

/** Creates the SES configuration set of a stage where it is missing. Safe to repeat. */
export async function createConfigurationSet(stage: string, client: ClientOptions): Promise<void> {
  const ses = new SESClient(client);
  try {
    await ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: `nightshift-${stage}` } }));
  } catch (error) {
    if (!(error instanceof ConfigurationSetAlreadyExistsException)) throw error;
  } finally {
    ses.destroy();
  }
}

async function createTable(dynamodb: DynamoDBClient, TableName: string, keys: string[]): Promise<void> {
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: keys.map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? "HASH" : "RANGE",
        })),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client: dynamodb, maxWaitTime: 60, minDelay: 0.01, maxDelay: 1 },
    { TableName },
  );
}
