import type { Incoming } from "../incoming.ts";
import type { Outcome, ServiceModel } from "../service-model.ts";
import type { Tables } from "./tables.ts";

const READS = ["GetItem", "BatchGetItem", "Query", "Scan"];
const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"];
const TABLE_OPERATIONS = [
  ...["CreateTable", "DeleteTable", "DescribeTable", "UpdateTable", "ListTables", "DescribeTimeToLive"],
  ...["TagResource", "UntagResource", "ListTagsOfResource"],
];

/** What dynalite can be asked. */
export const DYNAMODB_OPERATIONS: readonly string[] = [...READS, ...WRITES, ...TABLE_OPERATIONS];

/** Request units that were used so far (DynamoDB developer guide, "On-demand capacity mode"). */
export interface RequestUnits {
  read: number;
  write: number;
}

/** DynamoDB (JSON 1.0): dynalite behind the endpoint, with what it consumes counted for the bill. */
export function dynamodbModel(tables: Tables, used: RequestUnits): ServiceModel {
  return {
    service: "dynamodb",
    protocol: "json-1.0",
    namespace: "",
    operations: DYNAMODB_OPERATIONS,
    resourcesOf: ({ json }) => namedTables(json),
    carryOut: (request) => carryOut(tables, used, request),
  };
}

async function carryOut(tables: Tables, used: RequestUnits, request: Incoming): Promise<Outcome> {
  const { region, operation } = request;
  const counts = READS.includes(operation) || WRITES.includes(operation);
  if (!counts) return toOutcome(await tables.call(region, operation, request.body));
  // Only an answer that is asked for its consumption tells it; whoever did not ask shall not see it.
  const asked = asRecord(request.json);
  const wanted = asked.ReturnConsumedCapacity;
  const body = { ...asked, ReturnConsumedCapacity: wanted === "INDEXES" ? wanted : "TOTAL" };
  const answer = await tables.call(region, operation, Buffer.from(JSON.stringify(body)));
  if (answer.status !== 200) {
    // A write whose condition does not hold is charged like one that happened.
    if (errorCode(answer.body) === "ConditionalCheckFailedException") used.write += 1;
    return toOutcome(answer);
  }
  const { ConsumedCapacity, ...result } = asRecord(JSON.parse(answer.body.toString("utf8")));
  used[READS.includes(operation) ? "read" : "write"] += unitsOf(ConsumedCapacity);
  const shown = wanted === undefined || wanted === "NONE" ? result : { ...result, ConsumedCapacity };
  return toOutcome({ status: 200, body: Buffer.from(JSON.stringify(shown)) });
}

function toOutcome({ status, body }: { status: number; body: Buffer }): Outcome {
  const error = status === 200 ? undefined : errorCode(body);
  return { kind: "raw", answer: { status, contentType: "application/x-amz-json-1.0", body, error } };
}

function errorCode(body: Buffer): string {
  const type = asRecord(JSON.parse(body.toString("utf8"))).__type;
  return typeof type === "string" ? type.slice(type.indexOf("#") + 1) : "InternalServerError";
}

/** One table's consumption, or a list of several tables'. */
function unitsOf(consumed: unknown): number {
  const each = Array.isArray(consumed) ? consumed : [consumed];
  return each.reduce((sum, one) => sum + Number(asRecord(one).CapacityUnits ?? 0), 0);
}

function namedTables(json: unknown): string[] {
  const { TableName, RequestItems } = asRecord(json);
  return [...(typeof TableName === "string" ? [TableName] : []), ...Object.keys(asRecord(RequestItems))];
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
