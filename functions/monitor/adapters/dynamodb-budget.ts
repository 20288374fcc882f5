import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import type { Budget } from "../telling/ports.ts";
import { monitorTableName } from "./monitor-table.ts";

/** An hour's places are of no interest after that hour; a week is for whoever wants to look. */
const KEPT_SECONDS = 7 * 86_400;

/** The budget in DynamoDB: part `budget`, item = the hour, with the set of the keys that have a place in it. */
export function dynamoDbBudget(settings: Settings): Budget {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = monitorTableName(settings.stage);
  return {
    take: (hour, key, limit) =>
      conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: { part: { S: "budget" }, item: { S: hour } },
            UpdateExpression: "ADD #keys :keys SET expiresAt = :expiry",
            ConditionExpression:
              limit > 0
                ? "attribute_not_exists(#keys) OR contains(#keys, :key) OR size(#keys) < :limit"
                : "contains(#keys, :key)",
            ExpressionAttributeNames: { "#keys": "keys" },
            ExpressionAttributeValues: {
              ":keys": { SS: [key] },
              ":key": { S: key },
              ":expiry": { N: String(Date.parse(`${hour}:00:00Z`) / 1000 + KEPT_SECONDS) },
              ...(limit > 0 ? { ":limit": { N: String(limit) } } : {}),
            },
          }),
        ),
      ),
  };
}
