import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import type { Inbox } from "../telling/ports.ts";
import { monitorTableName } from "./monitor-table.ts";

/**
 * The inbox in DynamoDB: part `inbox`, item = MessageSid. Items stay for ever, since a signed request of Twilio's has
 * no date, and whoever kept one could send it again; there are a few a week, of 200 bytes.
 */
export function dynamoDbInbox(settings: Settings): Inbox {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = monitorTableName(settings.stage);
  return {
    keep: async (messageSid, from, incidents, now) => {
      const Key = { part: { S: "inbox" }, item: { S: messageSid } };
      const kept = await conditionalWrite(() =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: {
              ...Key,
              from: { S: from },
              incidents: { L: incidents.map((incident) => ({ N: String(incident) })) },
              receivedAt: { S: now.toISOString() },
            },
            ConditionExpression: "attribute_not_exists(part)",
          }),
        ),
      );
      if (kept) return incidents;
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return (Item?.incidents?.L ?? []).map(({ N }) => Number(N));
    },
  };
}
