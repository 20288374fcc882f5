import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { clientSettings, type Settings, z } from "#platform";
import type { PaymentBook, PaymentRecord } from "../ports.ts";

const State = z.enum(["received", "withdrawn", "returned"]);

/** Stripe's objects in DynamoDB: table `nightshift-STAGE-payments`, key `payment`. */
export function dynamoDbPaymentBook(settings: Settings): PaymentBook {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = paymentTableName(settings.stage);
  return {
    find: async (object) => {
      const Key = { payment: { S: object } };
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      return Item === undefined ? undefined : toRecord(Item);
    },
    keep: async (object, record) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: {
              payment: { S: object },
              state: { S: record.state },
              ...(record.account === undefined ? {} : { account: { S: record.account } }),
            },
            ConditionExpression: "attribute_not_exists(payment)",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return record;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return toRecord(error.Item ?? {});
      }
    },
  };
}

/** Name of the table. */
export function paymentTableName(stage: string): string {
  return `nightshift-${stage}-payments`;
}

function toRecord(item: Readonly<Record<string, AttributeValue>>): PaymentRecord {
  return { state: State.parse(item.state?.S), account: item.account?.S };
}
