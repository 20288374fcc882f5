import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import type { Suppressions } from "../ports.ts";

/** What is newer than the last time that the suppression was lifted. Instants of one form sort as texts. */
const SINCE_LIFTED = "(attribute_not_exists(liftedAt) OR liftedAt < :at)";

/**
 * Suppressed addresses in DynamoDB: table `nightshift-STAGE-mail-suppressions`, key `address` in small letters. An
 * item stays when its suppression is lifted, so that an event from before that is known to be old.
 */
export function dynamoDbSuppressions(settings: Settings): Suppressions {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = `nightshift-${settings.stage}-mail-suppressions`;
  const keyOf = (address: string) => ({ address: { S: address.toLowerCase() } });
  const update = (
    address: string,
    UpdateExpression: string,
    ConditionExpression: string,
    values: Readonly<Record<string, { S: string } | { N: string }>>,
  ) =>
    conditionalWrite(() =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(address),
          UpdateExpression,
          ConditionExpression,
          ExpressionAttributeValues: values,
        }),
      ),
    );

  return {
    isSuppressed: async (address) => {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName,
          Key: keyOf(address),
          ProjectionExpression: "suppressedAt",
          ConsistentRead: true, // a customer who has just confirmed the address is written to at once
        }),
      );
      return Item?.suppressedAt !== undefined;
    },
    suppress: async (address, reason, at) => {
      await update(
        address,
        "SET suppressedAt = :at, reason = :reason",
        `(attribute_not_exists(suppressedAt) OR suppressedAt < :at) AND ${SINCE_LIFTED}`,
        { ":at": { S: at.toISOString() }, ":reason": { S: reason } },
      );
    },
    countTransient: async (address, at) => {
      await update(
        address,
        "SET lastTransientAt = :at ADD transients :one",
        `(attribute_not_exists(lastTransientAt) OR lastTransientAt < :at) AND ${SINCE_LIFTED}`,
        { ":at": { S: at.toISOString() }, ":one": { N: "1" } },
      );
    },
    lift: (address, at) =>
      update(
        address,
        "SET liftedAt = :at REMOVE suppressedAt, reason, lastTransientAt, transients",
        "attribute_exists(suppressedAt)",
        { ":at": { S: at.toISOString() } },
      ),
  };
}
