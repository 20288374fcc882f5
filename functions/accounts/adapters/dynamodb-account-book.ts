import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { type Account, accountItem, accountOf, accountTableName, type Item } from "#ledger";
import { clientSettings, type Settings } from "#platform";
import type { AccountBook, Change } from "../ports.ts";

/** How long a look at an account may take. Who asks has a customer waiting. */
export const READ_MILLISECONDS = 2000;

type Attributes = Record<string, AttributeValue>;

/** What an update says besides its key. `:one` is always given, since every change counts in `rev`. */
interface Update {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly values?: Attributes;
}

/** Accounts in DynamoDB: table `nightshift-STAGE-accounts`, key `account`. */
export function dynamoDbAccountBook(settings: Settings): AccountBook {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = accountTableName(settings.stage);
  const update = (account: string, { values, ...expressions }: Update) =>
    carryOut(client, {
      TableName,
      Key: { account: { S: account } },
      ...expressions,
      ExpressionAttributeValues: { ":one": { N: "1" }, ...values },
    });
  return {
    read: async (account) => {
      const request = new GetItemCommand({
        TableName,
        Key: { account: { S: account } },
        ConsistentRead: true,
      });
      const { Item } = await client.send(request, { abortSignal: AbortSignal.timeout(READ_MILLISECONDS) });
      return Item === undefined ? undefined : fromAttributes(Item);
    },
    open: (account) => open(client, TableName, account),
    park: (account, day) =>
      update(account, {
        UpdateExpression: "SET parked = :day, rev = rev + :one",
        ConditionExpression:
          "attribute_exists(account) AND attribute_not_exists(parked) AND attribute_not_exists(deleted)",
        values: { ":day": { S: day } },
      }),
    unpark: (account) =>
      update(account, {
        UpdateExpression: "SET rev = rev + :one REMOVE parked",
        ConditionExpression: "attribute_exists(parked) AND attribute_not_exists(deleted)",
      }),
    // Days are written so that their order is that of their text.
    markDeleted: (account, day, approvedBy) =>
      update(account, {
        UpdateExpression: "SET deleted = :day, deletedBy = :approver, rev = rev + :one",
        ConditionExpression:
          "balance <= :nothing AND deletable <= :day AND attribute_not_exists(parked) AND attribute_not_exists(deleted)",
        values: { ":day": { S: day }, ":approver": { S: approvedBy }, ":nothing": { N: "0" } },
      }),
  };
}

async function open(client: DynamoDBClient, TableName: string, account: Account): Promise<Change> {
  const Item = accountItem(account) as unknown as Attributes;
  return unlessRefused(async () => {
    await client.send(
      new PutItemCommand({
        TableName,
        Item,
        ConditionExpression: "attribute_not_exists(account)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return account;
  });
}

async function carryOut(client: DynamoDBClient, input: UpdateItemCommandInput): Promise<Change> {
  return unlessRefused(async () => {
    const { Attributes: now = {} } = await client.send(
      new UpdateItemCommand({
        ...input,
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return fromAttributes(now);
  });
}

/** The item that refused comes with the refusal: it is the very one that the condition looked at. */
async function unlessRefused(write: () => Promise<Account>): Promise<Change> {
  try {
    return { made: true, account: await write() };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { made: false, account: error.Item === undefined ? undefined : fromAttributes(error.Item) };
  }
}

function fromAttributes(attributes: Attributes): Account {
  return accountOf(attributes as unknown as Item);
}
