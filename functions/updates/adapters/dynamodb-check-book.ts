import { DynamoDBClient, GetItemCommand, PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import type { CheckBook } from "../ports.ts";
import {
  type HostRecord,
  NOTHING_TOLD,
  type Plan,
  type ReleaseRecord,
  type Report,
  type Told,
} from "../records.ts";
import { updatesTableName } from "./updates-table.ts";

/** So that a year can be looked back upon; then DynamoDB deletes it (guide, "Using time to live"). */
const KEPT_DAYS = 400;

/** Where it stands how far the owner was told. */
const TOLD_KEY = { check: { S: "told" }, item: { S: "told" } };

/**
 * The book in DynamoDB: table `nightshift-STAGE-updates`. Under a check's instant the items `plan`, `host/NAME`,
 * `release/15.1/amd64` and `report/REVISION`, each with JSON in the attribute `content`; under `told` what was told last,
 * whose `revision` is an attribute of its own, for the condition.
 */
export function dynamoDbCheckBook(settings: Settings): CheckBook {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = updatesTableName(settings.stage);

  const read = async <Content>(check: string, item: string): Promise<Content | undefined> => {
    const Key = { check: { S: check }, item: { S: item } };
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item?.content?.S === undefined ? undefined : (JSON.parse(Item.content.S) as Content);
  };
  const itemOf = (check: string, item: string, content: unknown) => ({
    check: { S: check },
    item: { S: item },
    content: { S: JSON.stringify(content) },
    expiresAt: { N: String(Math.floor(Date.parse(check) / 1000) + KEPT_DAYS * 86_400) },
  });
  /** The first to write decides. */
  const keep = async <Content>(check: string, item: string, content: Content): Promise<Content> => {
    const Item = itemOf(check, item, content);
    const ConditionExpression = "attribute_not_exists(content)";
    const isWritten = await conditionalWrite(() =>
      client.send(new PutItemCommand({ TableName, Item, ConditionExpression })),
    );
    return isWritten ? content : ((await read<Content>(check, item)) ?? content);
  };
  async function* all<Content>(check: string, prefix: string): AsyncIterable<Content> {
    const query = {
      TableName,
      KeyConditionExpression: "#check = :check AND begins_with(#item, :prefix)",
      ExpressionAttributeNames: { "#check": "check", "#item": "item" },
      ExpressionAttributeValues: { ":check": { S: check }, ":prefix": { S: prefix } },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of paginateQuery({ client }, query))
      for (const { content } of Items) yield JSON.parse(content?.S ?? "null") as Content;
  }

  return {
    plan: (check) => read<Plan>(check, "plan"),
    keepPlan: (plan) => keep(plan.check, "plan", plan),
    host: (check, host) => read<HostRecord>(check, `host/${host}`),
    keepHost: (record) => keep(record.check, `host/${record.host}`, record),
    hosts: (check) => all<HostRecord>(check, "host/"),
    release: (check, release, arch) => read<ReleaseRecord>(check, `release/${release}/${arch}`),
    keepRelease: (record) => keep(record.check, `release/${record.release}/${record.arch}`, record),
    releases: (check) => all<ReleaseRecord>(check, "release/"),
    told: async () => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: TOLD_KEY, ConsistentRead: true }),
      );
      if (Item === undefined) return NOTHING_TOLD;
      return { ...(JSON.parse(Item.content?.S ?? "{}") as Told), revision: Number(Item.revision?.N) };
    },
    replaceTold: ({ revision, ...told }) =>
      conditionalWrite(() =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: {
              ...TOLD_KEY,
              revision: { N: String(revision) },
              content: { S: JSON.stringify(told) },
            },
            ConditionExpression: revision === 1 ? "attribute_not_exists(revision)" : "revision = :before",
            ...(revision === 1
              ? {}
              : { ExpressionAttributeValues: { ":before": { N: String(revision - 1) } } }),
          }),
        ),
      ),
    report: (check, revision) => read<Report>(check, reportItem(revision)),
    keepReport: async (check, revision, report) => {
      await client.send(new PutItemCommand({ TableName, Item: itemOf(check, reportItem(revision), report) }));
    },
  };
}

function reportItem(revision: number): string {
  return `report/${String(revision).padStart(6, "0")}`;
}
