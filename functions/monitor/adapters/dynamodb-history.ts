import {
  type AttributeValue,
  DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Clock, clientSettings, type Settings, clock as theClock, z } from "#platform";
import type { HourOfResults } from "../board.ts";
import type { DaySummary, HourSummary } from "../history.ts";
import { summarise } from "../results.ts";
import type { History } from "../status-page/ports.ts";
import { monitorTableName } from "./monitor-table.ts";

/** Words are kept for two days, so that the chart of 48 hours can be had whole. */
const HOUR_DAYS = 2;

/** A day more than the page shows. */
const DAY_DAYS = 91;

type Item = Record<string, AttributeValue>;

/**
 * History in DynamoDB: table `nightshift-STAGE-monitor`, keys `part` and `item`. In part `hours` an item each hour, with
 * its words; in part `days` an item each day, with an attribute each hour (`h03`), so that no write has to read first.
 * DynamoDB deletes what has expired within days (guide, "Using time to live"); until then it is not seen.
 */
export function dynamoDbHistory(settings: Settings, clock: Clock = theClock): History {
  const client = new DynamoDBClient(clientSettings(settings));
  const TableName = monitorTableName(settings.stage);
  const set = (part: string, item: string, attribute: string, text: string, expiresAt: number) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: { part: { S: part }, item: { S: item } },
        UpdateExpression: "SET #attribute = :text, expiresAt = :expires",
        ExpressionAttributeNames: { "#attribute": attribute },
        ExpressionAttributeValues: { ":text": { S: text }, ":expires": { N: String(expiresAt) } },
      }),
    );
  const itemsBetween = async (part: string, from: string, to: string): Promise<Item[]> => {
    if (from > to) return []; // which BETWEEN would refuse
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: "#part = :part AND #item BETWEEN :from AND :to",
        FilterExpression: "expiresAt > :now",
        ExpressionAttributeNames: { "#part": "part", "#item": "item" },
        ExpressionAttributeValues: {
          ":part": { S: part },
          ":from": { S: from },
          ":to": { S: to },
          ":now": { N: String(Math.floor(clock.now().getTime() / 1000)) },
        },
      },
    );
    const items: Item[] = [];
    for await (const page of pages) items.push(...(page.Items ?? []));
    return items;
  };

  return {
    shelve: async (hour, results) => {
      const summaries = toSummaries(results);
      const day = hour.slice(0, 10);
      await set("hours", hour, "results", JSON.stringify(results), endOf(`${hour}:00:00Z`, 1, HOUR_DAYS));
      await set("days", day, `h${hour.slice(11)}`, summaries, endOf(`${day}T00:00:00Z`, 24, DAY_DAYS));
    },
    days: async (from, to) => (await itemsBetween("days", from, to)).map(toDay),
    hours: async (from, to) =>
      (await itemsBetween("hours", from, to)).map((item) => ({
        hour: item.item?.S ?? "",
        results: Results.parse(JSON.parse(item.results?.S ?? "{}")),
      })),
  };
}

/** Seconds since 1970 at which something expires that begins then, lasts so many hours, and is kept so many days. */
function endOf(beginning: string, hours: number, keptDays: number): number {
  return Date.parse(beginning) / 1000 + hours * 3600 + keptDays * 86_400;
}

const Results = z.record(z.string(), z.string());

/** Runs, failed, timed out, excused, total and slowest milliseconds. */
const Compact = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);

function toSummaries(results: HourOfResults): string {
  const compact = Object.entries(results).map(([check, words]): [string, z.infer<typeof Compact>] => {
    const { runs, failed, timedOut, excused, totalMilliseconds, slowestMilliseconds } = summarise(words);
    return [check, [runs, failed, timedOut, excused, totalMilliseconds, slowestMilliseconds]];
  });
  return JSON.stringify(Object.fromEntries(compact));
}

function toDay(item: Item): DaySummary {
  const hours = Object.entries(item)
    .filter(([attribute]) => /^h\d\d$/.test(attribute))
    .map(([attribute, { S = "{}" }]) => [attribute.slice(1), fromSummaries(S)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return { day: item.item?.S ?? "", hours: Object.fromEntries(hours) };
}

function fromSummaries(text: string): Record<string, HourSummary> {
  const compact = z.record(z.string(), Compact).parse(JSON.parse(text));
  return Object.fromEntries(
    Object.entries(compact).map(([check, [runs, failed, timedOut, excused, total, slowest]]) => [
      check,
      { runs, failed, timedOut, excused, totalMilliseconds: total, slowestMilliseconds: slowest },
    ]),
  );
}
