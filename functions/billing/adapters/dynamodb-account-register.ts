import { type AttributeValue, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { type Account, accountTableName } from "#ledger";
import { clientSettings, type Settings } from "#platform";
import { AccountBrokenError } from "../failures.ts";
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
      return { ...sorted(Items), cursor: LastEvaluatedKey?.account?.S };
    },
  };
}

/** One account that cannot be read must not keep all others from being looked at. */
function sorted(items: readonly Record<string, AttributeValue>[]) {
  const accounts: Account[] = [];
  const broken: string[] = [];
  for (const item of items) {
    try {
      accounts.push(accountFrom(item));
    } catch (error) {
      if (!(error instanceof AccountBrokenError)) throw error;
      broken.push(error.message);
    }
  }
  return { accounts, broken };
}
