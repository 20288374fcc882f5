import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { accountTableName } from "#ledger";
import { clientSettings, type Settings } from "#platform";
import type { AccountRegister } from "../ports.ts";
import { accountFrom } from "./conditional-update.ts";

/** A page holds 1 MB (DynamoDB API, Scan); as many accounts as a function can work through between two answers. */
const PAGE = 500;

/** Every account, by parallel scans. The cursor is the last account's name. */
export function dynamoDbAccountRegister(settings: Settings): AccountRegister {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = accountTableName(settings.stage);
  return {
    page: async (segment, segments, cursor) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName,
          Segment: segment,
          TotalSegments: segments,
          Limit: PAGE,
          ConsistentRead: true,
          ...(cursor === undefined ? {} : { ExclusiveStartKey: { account: { S: cursor } } }),
        }),
      );
      return { accounts: Items.map(accountFrom), cursor: LastEvaluatedKey?.account?.S };
    },
  };
}
