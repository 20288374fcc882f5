import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import { RotationRunningError, RotationTakenOverError } from "../failures.ts";
import type { RotationBook } from "../ports.ts";
import type { Rotation, RotationRecord } from "../rotation.ts";

type Change = Pick<
  UpdateItemCommandInput,
  "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues"
>;

/** The book of rotations in DynamoDB: table `nightshift-STAGE-rotations`, key `pipe`. */
export function dynamoDbRotationBook(settings: Settings): RotationBook {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = rotationTableName(settings.stage);
  const keyOf = (pipe: string) => ({ pipe: { S: pipe } });

  const find = async (pipe: string) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(pipe), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toRecord(Item);
  };
  const update = ({ pipe }: Rotation, change: Change) =>
    conditionalWrite(() => client.send(new UpdateItemCommand({ TableName, Key: keyOf(pipe), ...change })));
  /** A change that only the execution which rotates may make. */
  const ofMine = async (
    rotation: Rotation,
    UpdateExpression: string,
    values: Record<string, string> = {},
  ) => {
    const done = await update(rotation, {
      UpdateExpression,
      ConditionExpression: "executionArn = :me",
      ExpressionAttributeValues: texts({ ":me": rotation.executionArn, ...values }),
    });
    if (!done)
      throw new RotationTakenOverError(`another run has taken over the rotation of ${rotation.pipe}`);
  };

  return {
    find,
    claim: async (rotation, former, at) => {
      const taken = await update(rotation, {
        UpdateExpression:
          "SET executionArn = :me, phase = if_not_exists(phase, :opening), startedAt = if_not_exists(startedAt, :at)",
        ConditionExpression: former === "" ? "attribute_not_exists(executionArn)" : "executionArn = :former",
        ExpressionAttributeValues: texts({
          ":me": rotation.executionArn,
          ":opening": "opening",
          ":at": at.toISOString(),
          ...(former === "" ? {} : { ":former": former }),
        }),
      });
      // It may have been taken, and the answer was lost, so that the SDK asked again.
      if (!taken && (await find(rotation.pipe))?.executionArn !== rotation.executionArn)
        throw new RotationRunningError(`another run has just begun to rotate the key ${rotation.pipe}`);
    },
    recordKeys: (rotation, from, to) =>
      ofMine(rotation, "SET fromKey = :from, toKey = :to", { ":from": from, ":to": to }),
    recordSwitching: (rotation) => ofMine(rotation, "SET phase = :switching", { ":switching": "switching" }),
    finish: async (rotation, outcome, at) => {
      const over = "REMOVE executionArn, phase, startedAt, fromKey, toKey";
      try {
        if (outcome === "undone") await ofMine(rotation, over);
        else
          await ofMine(rotation, `SET rotatedAt = :at, rotatedBy = :me ${over}`, { ":at": at.toISOString() });
      } catch (error) {
        // Finished already, and the answer was lost: nobody rotates it.
        if (!(error instanceof RotationTakenOverError) || (await find(rotation.pipe))?.executionArn !== "")
          throw error;
      }
    },
  };
}

/** Name of the table. */
export function rotationTableName(stage: string): string {
  return `nightshift-${stage}-rotations`;
}

function texts(values: Readonly<Record<string, string>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { S: value }]));
}

function toRecord(item: Record<string, AttributeValue>): RotationRecord {
  const text = (name: string) => item[name]?.S ?? "";
  const phase = text("phase");
  return {
    executionArn: text("executionArn"),
    phase: phase === "opening" || phase === "switching" ? phase : "",
    from: text("fromKey"),
    to: text("toKey"),
    startedAt: text("startedAt"),
    rotatedAt: text("rotatedAt"),
    rotatedBy: text("rotatedBy"),
  };
}
