import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings, z } from "#platform";
import type { Build, Claim } from "../build.ts";
import { BuildAlreadyRunningError } from "../failures.ts";
import type { BuildBook, BuildRecord } from "../ports.ts";

/** The sort key of an image's claim. Build ids begin with the image's name, which never begins with `#`. */
const CLAIM = "#claim";

/** How long after its deadline a run's leftovers are left alone: a last step may still be under way. */
const GRACE_MINUTES = 30;

type Item = Record<string, AttributeValue>;

/** The book of builds in DynamoDB: table `nightshift-STAGE-ami-builds`, keys `image` and `id`. */
export function dynamoDbBuildBook(settings: Settings): BuildBook {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = buildTableName(settings.stage);

  const find = async (image: string, id: string) => {
    const Key = { image: { S: image }, id: { S: id } };
    const found = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return found.Item === undefined ? undefined : toRecord(found.Item);
  };

  const claim = async (build: Build, now: Date, deadlineMinutes: number): Promise<Claim> => {
    const deadlineAt = new Date(now.getTime() + deadlineMinutes * 60_000);
    const expiresAt = new Date(deadlineAt.getTime() + GRACE_MINUTES * 60_000);
    const record = await find(build.image, build.id);
    const held = await takeClaim(client, TableName, build, now, { deadlineAt, expiresAt });
    return { ...held, inspectedInstanceId: record?.inspectedInstanceId ?? "" };
  };

  return {
    claim,
    release: (build) => releaseClaim(client, TableName, build),
    recordInspection: async (build, instanceId, packages) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { image: { S: build.image }, id: { S: build.id } },
          UpdateExpression:
            "SET #release = :release, recipeHash = :hash, packages = :packages, inspectedInstanceId = :instance",
          ExpressionAttributeNames: { "#release": "release" },
          ExpressionAttributeValues: {
            ":release": { S: build.release },
            ":hash": { S: build.recipeHash },
            ":packages": { S: JSON.stringify(packages) },
            ":instance": { S: instanceId },
          },
        }),
      );
    },
    recordPublished: async (build, images, at) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { image: { S: build.image }, id: { S: build.id } },
          UpdateExpression: "SET images = :images, publishedAt = if_not_exists(publishedAt, :at)",
          ExpressionAttributeValues: {
            ":images": { S: JSON.stringify(images) },
            ":at": { S: at.toISOString() },
          },
        }),
      );
    },
    find,
    findPrevious: async (image, id) => {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: "image = :image AND id < :id",
          ExpressionAttributeValues: { ":image": { S: image }, ":id": { S: id } },
          ScanIndexForward: false,
        },
      );
      for await (const page of pages) {
        for (const item of page.Items ?? []) {
          if (item.publishedAt !== undefined) return toRecord(item);
        }
      }
      return undefined;
    },
  };
}

/** Name of the table. */
export function buildTableName(stage: string): string {
  return `nightshift-${stage}-ami-builds`;
}

interface Term {
  readonly deadlineAt: Date;
  readonly expiresAt: Date;
}

/**
 * A claim is taken when there is none, or it is this build's own and its deadline has passed (a new generation), or
 * another's and it has expired. A claim of this execution that still stands is simply read again, so that a run
 * that is started once more has the same deadline, tags and tokens as the one that died.
 */
async function takeClaim(client: DynamoDBClient, TableName: string, build: Build, now: Date, term: Term) {
  const Key = { image: { S: build.image }, id: { S: CLAIM } };
  try {
    const taken = await client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression:
          "SET executionArn = :me, buildId = :build, deadlineAt = :deadline, expiresAt = :expires ADD generation :one",
        ConditionExpression:
          "attribute_not_exists(executionArn) OR (executionArn = :me AND deadlineAt < :now) OR expiresAt < :now",
        ExpressionAttributeValues: {
          ":me": { S: build.executionArn },
          ":build": { S: build.id },
          ":deadline": { S: term.deadlineAt.toISOString() },
          ":expires": { S: term.expiresAt.toISOString() },
          ":now": { S: now.toISOString() },
          ":one": { N: "1" },
        },
        ReturnValues: "ALL_NEW",
      }),
    );
    return toClaim(taken.Attributes ?? {});
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ConditionalCheckFailedException") throw error;
  }
  const standing = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const item = standing.Item ?? {};
  if (text(item, "executionArn") === build.executionArn) return toClaim(item);
  throw new BuildAlreadyRunningError(
    `image ${build.image} is being built by ${text(item, "executionArn")} until ${text(item, "deadlineAt")}. ` +
      "Follow that run, or wait; if it is dead, its claim lapses then.",
  );
}

/**
 * A claim that is given back keeps its generation, so that the next one continues the count: EC2 would answer a
 * client token of an earlier generation with resources that are long gone.
 */
async function releaseClaim(client: DynamoDBClient, TableName: string, build: Build) {
  await conditionalWrite(() =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: { image: { S: build.image }, id: { S: CLAIM } },
        UpdateExpression: "REMOVE executionArn, buildId, deadlineAt, expiresAt",
        ConditionExpression: "executionArn = :me",
        ExpressionAttributeValues: { ":me": { S: build.executionArn } },
      }),
    ),
  );
}

function toClaim(item: Item): Omit<Claim, "inspectedInstanceId"> {
  return {
    deadlineAt: text(item, "deadlineAt"),
    expiresAt: text(item, "expiresAt"),
    generation: Number(item.generation?.N ?? "1"),
  };
}

const Packages = z.array(z.object({ name: z.string(), version: z.string() }));
const Images = z.record(z.string(), z.string());

function toRecord(item: Item): BuildRecord {
  return {
    id: text(item, "id"),
    image: text(item, "image"),
    release: text(item, "release"),
    recipeHash: text(item, "recipeHash"),
    packages: Packages.parse(JSON.parse(text(item, "packages") || "[]")),
    inspectedInstanceId: text(item, "inspectedInstanceId"),
    images: Images.parse(JSON.parse(text(item, "images") || "{}")),
    publishedAt: item.publishedAt?.S,
  };
}

function text(item: Item, name: string): string {
  return item[name]?.S ?? "";
}
