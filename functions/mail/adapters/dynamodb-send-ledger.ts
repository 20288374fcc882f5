import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import type { SendLedger, SendState } from "../ports.ts";

/** The ledger in DynamoDB: table `nightshift-STAGE-mail-sends`, key `key`. */
export function dynamoDbSendLedger(settings: Settings): SendLedger {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = sendTableName(settings.stage);
  const keyOf = (key: string) => ({ key: { S: key } });

  return {
    claim: async (key, messageId, now) => {
      const ours = await conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(key),
            UpdateExpression: "SET messageId = :message, claimedAt = :now",
            ConditionExpression: "attribute_not_exists(claimedAt) AND attribute_not_exists(sesMessageId)",
            ExpressionAttributeValues: { ":message": { S: messageId }, ":now": { S: now.toISOString() } },
          }),
        ),
      );
      if (ours) return { state: "new" };
      const standing = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true }),
      );
      return toState(standing.Item);
    },
    takeOver: (key, seenClaimedAt, now) =>
      conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(key),
            UpdateExpression: "SET claimedAt = :now",
            ConditionExpression: "claimedAt = :seen AND attribute_not_exists(sesMessageId)",
            ExpressionAttributeValues: {
              ":now": { S: now.toISOString() },
              ":seen": { S: seenClaimedAt.toISOString() },
            },
          }),
        ),
      ),
    release: async (key) => {
      await conditionalWrite(() =>
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf(key),
            ConditionExpression: "attribute_not_exists(sesMessageId)",
          }),
        ),
      );
    },
    markSent: async (key, sesMessageId) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(key),
          UpdateExpression: "SET sesMessageId = if_not_exists(sesMessageId, :id)",
          ExpressionAttributeValues: { ":id": { S: sesMessageId } },
        }),
      );
    },
    // Each kind has an attribute of its own, so that one write needs no order: the first told stays.
    record: async (key, sesMessageId, { kind, at, reason }) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(key),
          UpdateExpression:
            "SET sesMessageId = if_not_exists(sesMessageId, :id), #kind = if_not_exists(#kind, :told)",
          ExpressionAttributeNames: { "#kind": kind },
          ExpressionAttributeValues: {
            ":id": { S: sesMessageId },
            ":told": { S: `${at.toISOString()} ${reason}`.trim() },
          },
        }),
      );
    },
  };
}

/** Name of the table. */
export function sendTableName(stage: string): string {
  return `nightshift-${stage}-mail-sends`;
}

function toState(item: Readonly<Record<string, AttributeValue>> | undefined): SendState {
  if (item?.sesMessageId !== undefined) return { state: "sent" };
  return { state: "claimed", claimedAt: new Date(item?.claimedAt?.S ?? 0) };
}
