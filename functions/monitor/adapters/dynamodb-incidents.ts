import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import { UnknownIncidentError } from "../failures.ts";
import type { Acknowledgement } from "../incident.ts";
import type { Acknowledged, IncidentBook } from "../ports.ts";
import { ackEntry, begunEntry, type Item, incidentOf, openItem, toldName } from "./incident-item.ts";
import { monitorTableName } from "./monitor-table.ts";

/** Open incidents are looked for among so many of the newest. There are as many open ones as checks, at most. */
const OPEN_AMONG = 200;

/**
 * Incidents in DynamoDB: part "incidents", item "000012"; notes for the timeline under part "incident/000012".
 * Acknowledgements and steps are maps in the incident's item, by proof and by step, so that each counts once.
 */
export function dynamoDbIncidents(settings: Settings): IncidentBook {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = monitorTableName(settings.stage);
  const newest = async (count: number) => {
    const query = { ...queryOf(TableName, "incidents"), ScanIndexForward: false, Limit: count };
    const { Items = [] } = await client.send(new QueryCommand(query));
    return Items.map(incidentOf);
  };

  return {
    open: async (incident) => {
      await conditionalWrite(() =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: { ...keyOf(incident.number), ...openItem(incident) },
            ConditionExpression: "attribute_not_exists(part)",
          }),
        ),
      );
    },
    recover: async (number, at, reason) => {
      // An item that knew nothing but its end would keep the incident from ever being opened.
      const isKnown = await conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(number),
            UpdateExpression:
              "SET recoveredAt = if_not_exists(recoveredAt, :at), recovery = if_not_exists(recovery, :reason)",
            ConditionExpression: "attribute_exists(part)",
            ExpressionAttributeValues: { ":at": { S: at.toISOString() }, ":reason": { S: reason } },
          }),
        ),
      );
      if (!isKnown) throw new UnknownIncidentError(`incident ${number} is not on record yet`);
    },
    acknowledge: async (number, acknowledgement) => {
      try {
        await client.send(acknowledging(TableName, number, acknowledgement));
        return "acknowledged";
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return refusalOf(error.Item, acknowledgement);
      }
    },
    begin: async (number, told) => {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(number),
          UpdateExpression: "SET told.#step = if_not_exists(told.#step, :begun)",
          ExpressionAttributeNames: { "#step": toldName(told) },
          ExpressionAttributeValues: { ":begun": begunEntry(told) },
        }),
      );
    },
    settle: async (number, step, outcome, at) => {
      await conditionalWrite(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(number),
            UpdateExpression: "SET told.#step.outcome = :outcome, told.#step.#at = :at",
            ConditionExpression: "told.#step.outcome = :begun",
            ExpressionAttributeNames: { "#step": toldName(step), "#at": "at" },
            ExpressionAttributeValues: {
              ":outcome": { S: outcome },
              ":at": { S: at.toISOString() },
              ":begun": { S: "begun" },
            },
          }),
        ),
      );
    },
    note: async (number, { key, at, what }) => {
      await conditionalWrite(() =>
        client.send(
          new PutItemCommand({
            TableName,
            Item: {
              part: { S: notesPart(number) },
              item: { S: key },
              at: { S: at.toISOString() },
              what: { S: what },
            },
            ConditionExpression: "attribute_not_exists(part)",
          }),
        ),
      );
    },
    read: async (number) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(number), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : incidentOf(Item);
    },
    notes: async (number) => {
      const pages = paginateQuery({ client }, queryOf(TableName, notesPart(number)));
      const notes: { at: Date; what: string }[] = [];
      for await (const { Items = [] } of pages)
        for (const { at, what } of Items) notes.push({ at: new Date(at?.S ?? 0), what: what?.S ?? "" });
      return notes;
    },
    newest,
    toldTo: async (contact) => {
      const incidents = await newest(OPEN_AMONG);
      const open = incidents.filter(
        ({ recoveredAt, told }) => recoveredAt === undefined && told.some((one) => one.contact === contact),
      );
      return open.map(({ number }) => number);
    },
  };
}

function acknowledging(
  TableName: string,
  number: number,
  acknowledgement: Acknowledgement,
): UpdateItemCommand {
  const { at, until, proof } = acknowledgement;
  return new UpdateItemCommand({
    TableName,
    Key: keyOf(number),
    UpdateExpression: "SET acknowledgements.#proof = :entry, acknowledgedUntil = :until",
    ConditionExpression:
      "attribute_exists(part) AND attribute_not_exists(recoveredAt) AND attribute_not_exists(acknowledgements.#proof) " +
      "AND (attribute_not_exists(acknowledgedUntil) OR acknowledgedUntil <= :at)",
    ExpressionAttributeNames: { "#proof": proof },
    ExpressionAttributeValues: {
      ":entry": ackEntry(acknowledgement),
      ":until": { S: until.toISOString() },
      ":at": { S: at.toISOString() },
    },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
}

function refusalOf(
  item: Item | undefined,
  { proof }: Acknowledgement,
): Exclude<Acknowledged, "acknowledged"> {
  if (item === undefined) return "unknown";
  if (item.acknowledgements?.M?.[proof] !== undefined) return "replayed";
  return item.recoveredAt === undefined ? "already" : "recovered";
}

function queryOf(TableName: string, part: string) {
  return {
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: "part = :part",
    ExpressionAttributeValues: { ":part": { S: part } },
  };
}

function keyOf(number: number): Record<"part" | "item", AttributeValue> {
  return { part: { S: "incidents" }, item: { S: padded(number) } };
}

function notesPart(number: number): string {
  return `incident/${padded(number)}`;
}

/** Six digits, so that text sorts as numbers do. */
function padded(number: number): string {
  return String(number).padStart(6, "0");
}
