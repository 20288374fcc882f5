import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { clientSettings, type Settings } from "#platform";
import type { WatchBoard } from "../ports.ts";

/** The monitor's board in the watch region's table, of which only the minute of the last run is read. */
export function dynamoDbWatchBoard(settings: Settings, watchRegion: string): WatchBoard {
  const client = new DynamoDBClient(clientSettings(settings, watchRegion));
  return {
    lastRun: async () => {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: `nightshift-${settings.stage}-monitor`,
          Key: { part: { S: "board" }, item: { S: "board" } },
          ProjectionExpression: "slot",
          ConsistentRead: true,
        }),
      );
      return Item?.slot?.S === undefined ? undefined : new Date(Item.slot.S);
    },
  };
}
