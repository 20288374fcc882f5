import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Day } from "#ledger";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import { type DayRecord, DayRecordSchema, toJson } from "../day-record.ts";
import type { DayBook } from "../ports.ts";

/** The book of days in DynamoDB: table `nightshift-STAGE-billing-days`, keys `book` and `day`. */
export function dynamoDbDayBook(settings: Settings): DayBook {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = `nightshift-${settings.stage}-billing-days`;
  const keyOf = (day: Day) => ({ book: { S: "days" }, day: { S: day } });

  const closedUntil = async (day: Day, count: number): Promise<DayRecord[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "book = :days AND #day <= :day",
        ExpressionAttributeNames: { "#day": "day" },
        ExpressionAttributeValues: { ":days": { S: "days" }, ":day": { S: day } },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: count + 1, // the last day may not be closed yet, and only the last
      }),
    );
    return Items.map(recordOf)
      .filter(({ state }) => state === "closed")
      .slice(0, count);
  };

  return {
    read: async (day) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(day), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : recordOf(Item);
    },
    lastClosed: async () => (await closedUntil("9999-12-31", 1))[0],
    closedUntil,
    write: async (record) => {
      const { state, waitsFor, approvals: _, ...facts } = record;
      await conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(record.day),
            UpdateExpression: `SET #state = :state, facts = :facts${waitsFor === undefined ? " REMOVE waitsFor" : ", waitsFor = :waits"}`,
            ConditionExpression: "attribute_not_exists(#state) OR #state <> :closed",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: {
              ":state": { S: state },
              ":closed": { S: "closed" },
              ":facts": { S: toJson(facts) },
              ...(waitsFor === undefined ? {} : { ":waits": { S: waitsFor } }),
            },
          }),
        ),
      );
    },
    close: (day) =>
      conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(day),
            UpdateExpression: "SET #state = :closed",
            ConditionExpression: "#state IN (:settled, :closed)",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: { ":settled": { S: "settled" }, ":closed": { S: "closed" } },
          }),
        ),
      ),
    approve: (day, approval) =>
      conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(day),
            UpdateExpression: "ADD approvals :approval",
            ConditionExpression: "#state = :held AND waitsFor = :waits",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: {
              ":held": { S: "held" },
              ":waits": { S: approval },
              ":approval": { SS: [approval] },
            },
          }),
        ),
      ),
  };
}

function recordOf(item: Record<string, AttributeValue>): DayRecord {
  return DayRecordSchema.parse({
    ...JSON.parse(item.facts?.S ?? "{}"),
    state: item.state?.S,
    waitsFor: item.waitsFor?.S,
    approvals: item.approvals?.SS ?? [],
  });
}
