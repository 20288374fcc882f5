import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import { stageOf } from "../telling/delivery-status.ts";
import type { Delivery, Outbox, OutboxState } from "../telling/ports.ts";
import { monitorTableName } from "./monitor-table.ts";

type Item = Readonly<Record<string, AttributeValue>>;

/** After this long no run comes back to a message. DynamoDB deletes late or never, and nothing hangs on it. */
const KEPT_DAYS = 90;

/** Neither Twilio nor anybody else has said yet what became of it. */
const WITHOUT_OUTCOME =
  "claimedAt = :seen AND attribute_not_exists(sid) AND attribute_not_exists(failedBecause)";

/** The outbox in DynamoDB: part `outbox`, item = the message's key. */
export function dynamoDbOutbox(settings: Settings): Outbox {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = monitorTableName(settings.stage);
  const keyOf = (key: string) => ({ part: { S: "outbox" }, item: { S: key } });

  const read = async (key: string): Promise<Item | undefined> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true }),
    );
    return Item;
  };
  const put = (key: string, attributes: Item) =>
    conditionalWrite(() =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: { ...keyOf(key), ...attributes },
          ConditionExpression: "attribute_not_exists(part)",
        }),
      ),
    );
  const update = (key: string, input: Omit<UpdateItemCommandInput, "TableName" | "Key">) =>
    conditionalWrite(() => client.send(new UpdateItemCommand({ TableName, Key: keyOf(key), ...input })));

  return {
    find: async (key) => toState(await read(key)),
    claim: ({ key, contact, channel }, now) =>
      put(key, {
        to: { S: contact.phone },
        channel: { S: channel },
        claimedAt: instant(now),
        firstClaimedAt: instant(now),
        expiresAt: afterDays(now),
      }),
    takeOver: (key, seenClaimedAt, now) =>
      update(key, {
        UpdateExpression: "SET claimedAt = :now",
        ConditionExpression: WITHOUT_OUTCOME,
        ExpressionAttributeValues: { ":now": instant(now), ":seen": instant(seenClaimedAt) },
      }),
    release: async (key, claimedAt) => {
      await conditionalWrite(() =>
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf(key),
            ConditionExpression: `${WITHOUT_OUTCOME} AND firstClaimedAt = :seen`,
            ExpressionAttributeValues: { ":seen": instant(claimedAt) },
          }),
        ),
      );
    },
    markSent: async (key, sid) => {
      await update(key, {
        UpdateExpression: "SET sid = if_not_exists(sid, :sid)",
        ConditionExpression: "attribute_exists(claimedAt)",
        ExpressionAttributeValues: { ":sid": { S: sid } },
      });
    },
    markFailed: async (key, claimedAt, reason) => {
      await update(key, {
        UpdateExpression: "SET failedBecause = :reason",
        ConditionExpression: WITHOUT_OUTCOME,
        ExpressionAttributeValues: { ":reason": { S: reason }, ":seen": instant(claimedAt) },
      });
    },
    markOverBudget: async ({ key, contact, channel }, now) => {
      await put(key, {
        to: { S: contact.phone },
        channel: { S: channel },
        overBudgetAt: instant(now),
        expiresAt: afterDays(now),
      });
    },
    recordDelivery: async (key, delivery) => {
      if (await update(key, recording(delivery))) return "recorded";
      const standing = await read(key);
      if (standing?.claimedAt === undefined) return "unknown";
      return standing.sid?.S === delivery.sid ? "known" : "another";
    },
    sidsTo: async (phone) => {
      const sids = new Set<string>();
      const query = {
        TableName,
        ConsistentRead: true, // a message that was marked just now is not to be taken for this one
        KeyConditionExpression: "part = :outbox",
        FilterExpression: "#to = :phone AND attribute_exists(sid)",
        ExpressionAttributeNames: { "#to": "to" },
        ExpressionAttributeValues: { ":outbox": { S: "outbox" }, ":phone": { S: phone } },
        ProjectionExpression: "sid",
      };
      for await (const { Items = [] } of paginateQuery({ client }, query))
        for (const { sid } of Items) if (sid?.S !== undefined) sids.add(sid.S);
      return sids;
    },
  };
}

/** One write: the sid, if there is none, and the status, if it is further than the one that is known. */
function recording({ sid, status, errorCode, at }: Delivery) {
  return {
    UpdateExpression:
      "SET sid = :sid, deliveryStatus = :status, deliveryStage = :stage, deliveryAt = :at" +
      (errorCode === undefined ? "" : ", deliveryErrorCode = :code"),
    ConditionExpression:
      "attribute_exists(claimedAt) AND (attribute_not_exists(sid) OR sid = :sid) AND " +
      "(attribute_not_exists(deliveryStage) OR deliveryStage < :stage)",
    ExpressionAttributeValues: {
      ":sid": { S: sid },
      ":status": { S: status },
      ":stage": { N: String(stageOf(status)) },
      ":at": instant(at),
      ...(errorCode === undefined ? {} : { ":code": { N: String(errorCode) } }),
    },
  };
}

function toState(item: Item | undefined): OutboxState {
  if (item === undefined) return { state: "new" };
  if (item.sid?.S !== undefined) return { state: "sent", sid: item.sid.S, ...deliveryIn(item) };
  if (item.failedBecause?.S !== undefined) return { state: "failed", reason: item.failedBecause.S };
  if (item.overBudgetAt !== undefined) return { state: "over-budget" };
  const claimedAt = new Date(item.claimedAt?.S ?? 0);
  return { state: "claimed", claimedAt, firstClaimedAt: new Date(item.firstClaimedAt?.S ?? claimedAt) };
}

function deliveryIn({ deliveryStatus, deliveryErrorCode, deliveryAt }: Item) {
  if (deliveryStatus?.S === undefined) return {};
  const code = deliveryErrorCode?.N === undefined ? {} : { errorCode: Number(deliveryErrorCode.N) };
  return { delivery: { status: deliveryStatus.S, at: new Date(deliveryAt?.S ?? 0), ...code } };
}

function instant(at: Date): { S: string } {
  return { S: at.toISOString() };
}

function afterDays(now: Date): { N: string } {
  return { N: String(Math.floor(now.getTime() / 1000) + KEPT_DAYS * 86_400) };
}
