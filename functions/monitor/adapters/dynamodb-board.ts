import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import { type Board, EMPTY_BOARD } from "../board.ts";
import type { BoardStore } from "../ports.ts";
import { monitorTableName } from "./monitor-table.ts";

/**
 * The board in DynamoDB: one item, part "board". `revision` and `slot` are attributes of their own, the first for the
 * condition, the second for whoever asks from another region whether the monitor lives; the rest is JSON.
 */
export function dynamoDbBoard(settings: Settings): BoardStore {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = monitorTableName(settings.stage);
  return {
    read: async () => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: BOARD_KEY, ConsistentRead: true }),
      );
      if (Item === undefined) return EMPTY_BOARD;
      return { ...(JSON.parse(Item.facts?.S ?? "{}") as Board), revision: Number(Item.revision?.N) };
    },
    replace: ({ revision, ...facts }) =>
      conditionalWrite(() =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: {
              ...BOARD_KEY,
              revision: { N: String(revision) },
              facts: { S: JSON.stringify(facts) },
              ...(facts.slot === undefined ? {} : { slot: { S: facts.slot } }),
            },
            ConditionExpression: revision === 1 ? "attribute_not_exists(revision)" : "revision = :before",
            ...(revision === 1
              ? {}
              : { ExpressionAttributeValues: { ":before": { N: String(revision - 1) } } }),
          }),
        ),
      ),
  };
}

/** Where the board lies. */
export const BOARD_KEY = { part: { S: "board" }, item: { S: "board" } };
