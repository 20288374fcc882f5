import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Account, accountOf, type Item } from "#ledger";
import { AccountBrokenError } from "../failures.ts";
import type { Answer } from "../ports.ts";

/** One update of an account's item: what it sets, what it removes, and when it may. `#` names stand for themselves. */
export interface Update {
  readonly account: string;
  readonly set: readonly string[];
  readonly remove?: readonly string[];
  readonly when: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

/**
 * Carries the update out if its condition holds, and answers the account either way: as it is now, or as it stood in
 * the way. Neither costs a read (DynamoDB API, UpdateItem, ReturnValuesOnConditionCheckFailure).
 * @throws AccountBrokenError when the item has not what the update is about, or cannot be read
 */
export async function conditionalUpdate(
  client: DynamoDBClient,
  TableName: string,
  update: Update,
): Promise<Answer> {
  const remove = update.remove ?? [];
  try {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { account: { S: update.account } },
        UpdateExpression: [
          `SET ${update.set.join(", ")}`,
          ...(remove.length > 0 ? [`REMOVE ${remove.join(", ")}`] : []),
        ].join(" "),
        ConditionExpression: update.when.join(" AND "),
        ExpressionAttributeNames: { ...update.names },
        ExpressionAttributeValues: valuesOf(update.values),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return { applied: true, account: accountFrom(Attributes) };
  } catch (error) {
    if (isAboutTheItem(error)) throw brokenAccount(update.account, error);
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { applied: false, account: error.Item === undefined ? undefined : accountFrom(error.Item) };
  }
}

/**
 * What DynamoDB says when an item, and not the expression, stands in the way. An expression that is wrong would be so for
 * all accounts, and must not make each of them look broken: then nobody would be charged, and the day could be approved.
 */
const ITEM_FAULTS = /document path|does not exist in the item|incorrect data type|item size|number overflow/i;

function isAboutTheItem(error: unknown): boolean {
  return error instanceof Error && error.name === "ValidationException" && ITEM_FAULTS.test(error.message);
}

/** An account of what DynamoDB answered. @throws AccountBrokenError */
export function accountFrom(attributes: Record<string, AttributeValue> | undefined): Account {
  const item = (attributes ?? {}) as unknown as Item;
  try {
    return accountOf(item);
  } catch (error) {
    throw brokenAccount(attributes?.account?.S ?? "without a name", error);
  }
}

/** What is wrong with an account, of what was thrown about it. */
export function brokenAccount(account: string, cause: unknown): AccountBrokenError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AccountBrokenError(`account ${account} is broken: ${why}`, { cause });
}

/** The same as values of the SDK, whose types want every kind of value to be writable. */
export function valuesOf(item: Item): Record<string, AttributeValue> {
  return item as unknown as Record<string, AttributeValue>;
}
