import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "@jest/globals";
import { dynamoDbHistory } from "../../../../functions/monitor/adapters/dynamodb-history.ts";
import { monitorTableName } from "../../../../functions/monitor/adapters/monitor-table.ts";
import { MalformedResultsError } from "../../../../functions/monitor/results.ts";
import type { History } from "../../../../functions/monitor/status-page/ports.ts";
import { fakeHistory } from "../fakes/fake-history.ts";
import { rehearsedAccount } from "../fakes/in-rehearsal.ts";
import { newMonitorTable } from "../fakes/monitor-table.ts";

const account = rehearsedAccount();

/** The account's time is 2026-11-20T12:00Z. */
const newTable = () => newMonitorTable(account());

const inDynamoDb = async () => dynamoDbHistory(await newTable(), account().clock);

/** The one in DynamoDB, and the fake that the other tests stand on, must behave alike. */
const BOTH: [name: string, make: () => Promise<History>][] = [
  ["DynamoDB", inDynamoDb],
  ["the fake", async () => fakeHistory()],
];

const WEB = { runs: 3, failed: 1, timedOut: 0, excused: 1, totalMilliseconds: 90, slowestMilliseconds: 50 };
const WORDS = { web: "0g40 1g50 2f3 3F9" };

describe.each(BOTH)("history in %s", (_name, make) => {
  test("gives an hour as its words, and as part of its day", async () => {
    const history = await make();
    await history.shelve("2026-11-20T03", WORDS);
    expect(await history.hours("2026-11-20T03", "2026-11-20T03")).toEqual([
      { hour: "2026-11-20T03", results: WORDS },
    ]);
    expect(await history.days("2026-11-20", "2026-11-20")).toEqual([
      { day: "2026-11-20", hours: { "03": { web: WEB } } },
    ]);
  });

  test("is the same when an hour is shelved twice, and keeps the other hours of the day", async () => {
    const history = await make();
    for (const hour of ["2026-11-20T09", "2026-11-20T10", "2026-11-20T09"]) await history.shelve(hour, WORDS);
    const [day] = await history.days("2026-11-20", "2026-11-20");
    expect(day?.hours).toEqual({ "09": { web: WEB }, "10": { web: WEB } });
    expect(await history.hours("2026-11-20T00", "2026-11-20T23")).toHaveLength(2);
  });

  test("is in order, whatever the order of writing, and both ends are included", async () => {
    const history = await make();
    for (const hour of ["2026-11-20T01", "2026-11-18T23", "2026-11-19T05", "2026-11-19T04"])
      await history.shelve(hour, WORDS);
    const hours = async (from: string, to: string) => (await history.hours(from, to)).map(({ hour }) => hour);
    expect(await hours("2026-11-18T23", "2026-11-20T01")).toEqual([
      "2026-11-18T23",
      "2026-11-19T04",
      "2026-11-19T05",
      "2026-11-20T01",
    ]);
    expect(await hours("2026-11-19T00", "2026-11-19T04")).toEqual(["2026-11-19T04"]);
    const days = async (from: string, to: string) => (await history.days(from, to)).map(({ day }) => day);
    expect(await days("2026-11-18", "2026-11-20")).toEqual(["2026-11-18", "2026-11-19", "2026-11-20"]);
    expect(await days("2026-11-19", "2026-11-19")).toEqual(["2026-11-19"]);
  });

  test("of nothing is nothing; a range that ends before it begins is empty", async () => {
    const history = await make();
    expect([await history.days("2026-01-01", "2026-12-31"), await history.hours("2026", "2027")]).toEqual([
      [],
      [],
    ]);
    expect(await history.days("2026-11-20", "2026-11-19")).toEqual([]);
  });

  test("an hour without results is one in which nothing was known of any check", async () => {
    const history = await make();
    await history.shelve("2026-11-20T03", {});
    expect(await history.days("2026-11-20", "2026-11-20")).toEqual([
      { day: "2026-11-20", hours: { "03": {} } },
    ]);
  });

  test("takes nothing of an hour in which a word is malformed", async () => {
    const history = await make();
    await expect(history.shelve("2026-11-20T03", { web: "0g1", mail: "what" })).rejects.toThrow(
      MalformedResultsError,
    );
    expect(await history.hours("2026-11-20T00", "2026-11-20T23")).toEqual([]);
  });
});

describe("in DynamoDB", () => {
  test("a day takes one item, an hour another, and each says when it may go", async () => {
    const settings = await newTable();
    await dynamoDbHistory(settings, account().clock).shelve("2026-11-20T03", WORDS);
    const { Items } = await account().dynamodb.send(
      new ScanCommand({ TableName: monitorTableName(settings.stage) }),
    );
    expect(Items).toHaveLength(2);
    expect(Items).toEqual(
      expect.arrayContaining([
        {
          part: { S: "hours" },
          item: { S: "2026-11-20T03" },
          results: { S: JSON.stringify(WORDS) },
          expiresAt: { N: String(Date.parse("2026-11-22T04:00:00Z") / 1000) },
        },
        {
          part: { S: "days" },
          item: { S: "2026-11-20" },
          h03: { S: '{"web":[3,1,0,1,90,50]}' },
          expiresAt: { N: String(Date.parse("2027-02-20T00:00:00Z") / 1000) },
        },
      ]),
    );
  });

  test("what has expired is not seen, even while DynamoDB has not deleted it", async () => {
    const history = await inDynamoDb();
    for (const hour of ["2026-08-20T23", "2026-08-21T00", "2026-11-18T11", "2026-11-18T12"])
      await history.shelve(hour, WORDS);
    // At noon of 20 November: hours that ended two days ago, days that ended 91 days ago.
    expect((await history.hours("2026", "2027")).map(({ hour }) => hour)).toEqual(["2026-11-18T12"]);
    expect((await history.days("2026", "2027")).map(({ day }) => day)).toEqual(["2026-08-21", "2026-11-18"]);
  });

  test("more than one page (1 MB) is read to its end", async () => {
    const history = await inDynamoDb();
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, check) => [`check-${check}`, `0g1${" 1g12345".repeat(1000)}`]),
    );
    for (const hour of ["01", "02", "03", "04"]) {
      await history.shelve(`2026-11-20T${hour}`, many);
      expect(JSON.stringify(many).length).toBeGreaterThan(300_000);
    }
    expect(await history.hours("2026-11-20T00", "2026-11-20T23")).toHaveLength(4);
  });
});
