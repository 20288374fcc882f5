import { AwsError } from "../aws-error.ts";
import type { Incoming } from "../incoming.ts";
import type { Outcome, ServiceModel } from "../service-model.ts";
import { ItemQueues } from "./item-queues.ts";
import { writeUnitsOf } from "./item-size.ts";
import type { TableAnswer, Tables } from "./tables.ts";
import type { UsedUnits } from "./used-units.ts";

const READS = ["GetItem", "BatchGetItem", "Query", "Scan"];
const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"];
const TABLE_OPERATIONS = [
  ...["CreateTable", "DeleteTable", "DescribeTable", "UpdateTable", "ListTables", "DescribeTimeToLive"],
  ...["TagResource", "UntagResource", "ListTagsOfResource"],
];

/** What dynalite can be asked. */
export const DYNAMODB_OPERATIONS: readonly string[] = [...READS, ...WRITES, ...TABLE_OPERATIONS];

type Json = Readonly<Record<string, unknown>>;

/**
 * DynamoDB (JSON 1.0): dynalite behind the endpoint, with what it consumes counted for the bill, and with what it does
 * not know: ReturnValuesOnConditionCheckFailure.
 */
export function dynamodbModel(tables: Tables, used: UsedUnits): ServiceModel {
  const queues = new ItemQueues();
  return {
    service: "dynamodb",
    protocol: "json-1.0",
    namespace: "",
    operations: DYNAMODB_OPERATIONS,
    resourcesOf: ({ json }) => namedTables(json),
    carryOut: async (request) => {
      const { region, operation } = request;
      if (READS.includes(operation)) return read(tables, used, request);
      if (!WRITES.includes(operation)) return toOutcome(await tables.call(region, operation, request.body));
      const items = await writtenItems(tables, region, asRecord(request.json));
      return queues.during(items, () => write(tables, used, request));
    },
  };
}

async function read(tables: Tables, used: UsedUnits, request: Incoming): Promise<Outcome> {
  return counted(used, "read", request, await callCounting(tables, request));
}

async function write(tables: Tables, used: UsedUnits, request: Incoming): Promise<Outcome> {
  const asked = asRecord(request.json);
  const onFailure = asked.ReturnValuesOnConditionCheckFailure ?? "NONE";
  if (onFailure !== "NONE" && onFailure !== "ALL_OLD") {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${onFailure}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`,
    );
  }
  const answer = await callCounting(tables, request);
  if (answer.status === 200 || errorCode(answer.body) !== "ConditionalCheckFailedException") {
    return counted(used, "write", request, answer);
  }
  const table = String(asked.TableName);
  const item = await tables.item(request.region, table, asRecord(asked.Key ?? asked.Item));
  // A write whose condition does not hold is charged by the larger of the item that is there and the one that was to
  // be put (DynamoDB guide, "Capacity unit consumption for write operations").
  used.add(table, "write", Math.max(writeUnitsOf(item), writeUnitsOf(asRecord(asked.Item))));
  if (onFailure === "NONE" || item === undefined) return toOutcome(answer);
  const body = { ...asRecord(JSON.parse(answer.body.toString("utf8"))), Item: item };
  return toOutcome({ status: answer.status, body: Buffer.from(JSON.stringify(body)) });
}

/** Only an answer that is asked for its consumption tells it. */
function callCounting(tables: Tables, { region, operation, json }: Incoming): Promise<TableAnswer> {
  const { ReturnValuesOnConditionCheckFailure: _, ...asked } = asRecord(json);
  const body = {
    ...asked,
    ReturnConsumedCapacity: consumptionAsked(json) === "INDEXES" ? "INDEXES" : "TOTAL",
  };
  return tables.call(region, operation, Buffer.from(JSON.stringify(body)));
}

/** Counts what an answer consumed; whoever did not ask for it shall not see it. */
function counted(used: UsedUnits, kind: "read" | "write", { json }: Incoming, answer: TableAnswer): Outcome {
  if (answer.status !== 200) return toOutcome(answer);
  const { ConsumedCapacity, ...result } = asRecord(JSON.parse(answer.body.toString("utf8")));
  // One table's consumption, or a list of several tables'.
  for (const one of [ConsumedCapacity].flat().map(asRecord)) {
    used.add(String(one.TableName), kind, Number(one.CapacityUnits ?? 0));
  }
  const wanted = consumptionAsked(json);
  const shown = wanted === undefined || wanted === "NONE" ? result : { ...result, ConsumedCapacity };
  return toOutcome({ status: 200, body: Buffer.from(JSON.stringify(shown)) });
}

function consumptionAsked(json: unknown): unknown {
  return asRecord(json).ReturnConsumedCapacity;
}

/** The items that a write names, each as a text of its own. */
async function writtenItems(tables: Tables, region: string, asked: Json): Promise<string[]> {
  const batches = Object.entries(asRecord(asked.RequestItems)).flatMap(([table, requests]) =>
    [requests].flat().map((one) => {
      const { PutRequest, DeleteRequest } = asRecord(one);
      return { table, item: asRecord(asRecord(PutRequest).Item ?? asRecord(DeleteRequest).Key) };
    }),
  );
  const single = { table: String(asked.TableName), item: asRecord(asked.Key ?? asked.Item) };
  const writes = asked.RequestItems === undefined ? [single] : batches;
  const keys = writes.map(({ table, item }) => tables.keyOf(region, table, item));
  const names = (await Promise.all(keys)).map((key, index) =>
    JSON.stringify([region, writes[index]?.table, key]),
  );
  return [...new Set(names)];
}

function toOutcome({ status, body }: TableAnswer): Outcome {
  const error = status === 200 ? undefined : errorCode(body);
  return { kind: "raw", answer: { status, contentType: "application/x-amz-json-1.0", body, error } };
}

function errorCode(body: Buffer): string {
  const type = asRecord(JSON.parse(body.toString("utf8"))).__type;
  return typeof type === "string" ? type.slice(type.indexOf("#") + 1) : "InternalServerError";
}

function namedTables(json: unknown): string[] {
  const { TableName, RequestItems } = asRecord(json);
  return [...(typeof TableName === "string" ? [TableName] : []), ...Object.keys(asRecord(RequestItems))];
}

function asRecord(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
