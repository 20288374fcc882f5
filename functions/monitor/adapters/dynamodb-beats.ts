import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import type { Beats } from "../findings/heartbeat-finding.ts";
import type { BeatBook } from "../ports.ts";
import { monitorTableName } from "./monitor-table.ts";

/** What was heard from jobs and hosts, in DynamoDB: part "beats", item the check's name. */
export function dynamoDbBeats(
  settings: Settings,
): BeatBook & { readonly read: (check: string, now: Date) => Promise<Beats> } {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = monitorTableName(settings.stage);
  const keyOf = (check: string) => ({ part: { S: "beats" }, item: { S: check } });
  /** Sets the newest instant of a kind of report; an older one changes nothing. */
  const set = (
    check: string,
    name: "startedAt" | "succeededAt" | "failedAt",
    at: Date,
    exitStatus?: string,
  ) =>
    conditionalWrite(() =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(check),
          UpdateExpression:
            `SET ${name} = :at, watchedSince = if_not_exists(watchedSince, :at)` +
            (exitStatus === undefined ? "" : ", exitStatus = :status"),
          ConditionExpression: `attribute_not_exists(${name}) OR ${name} < :at`,
          ExpressionAttributeValues: {
            ":at": { S: at.toISOString() },
            ...(exitStatus === undefined ? {} : { ":status": { S: exitStatus } }),
          },
        }),
      ),
    );
  const watch = (check: string, now: Date) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: keyOf(check),
        UpdateExpression: "SET watchedSince = if_not_exists(watchedSince, :now)",
        ExpressionAttributeValues: { ":now": { S: now.toISOString() } },
      }),
    );

  return {
    beat: async (check, beat, at) => {
      if (beat.kind === "start") await set(check, "startedAt", at);
      else if (beat.kind === "success") await set(check, "succeededAt", at);
      else await set(check, "failedAt", at, String(beat.exitStatus ?? ""));
    },
    read: async (check, now) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(check), ConsistentRead: true }),
      );
      if (Item !== undefined) return beatsOf(Item);
      await watch(check, now);
      return { watchedSince: now };
    },
  };
}

function beatsOf(item: Readonly<Record<string, AttributeValue>>): Beats {
  const dateOf = (value: AttributeValue | undefined) =>
    value?.S === undefined ? undefined : new Date(value.S);
  const status = item.exitStatus?.S ?? "";
  return {
    watchedSince: dateOf(item.watchedSince) ?? new Date(0),
    startedAt: dateOf(item.startedAt),
    succeededAt: dateOf(item.succeededAt),
    failedAt: dateOf(item.failedAt),
    exitStatus: status === "" ? undefined : Number(status),
  };
}
