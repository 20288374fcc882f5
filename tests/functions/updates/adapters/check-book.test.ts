import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "@jest/globals";
import { dynamoDbCheckBook } from "../../../../functions/updates/adapters/dynamodb-check-book.ts";
import { updatesTableName } from "../../../../functions/updates/adapters/updates-table.ts";
import type { CheckBook } from "../../../../functions/updates/ports.ts";
import { NOTHING_TOLD, type Plan, type Told } from "../../../../functions/updates/records.ts";
import { rehearsedAccount } from "../../monitor/fakes/in-rehearsal.ts";
import { fakeCheckBook } from "../fakes/fake-check-book.ts";
import { CHECK, checked, missed, ofRelease } from "../fakes/sample-records.ts";
import { newUpdatesTable } from "../fakes/updates-table.ts";

const account = rehearsedAccount();

const BOOKS: [name: string, make: () => Promise<CheckBook>][] = [
  ["DynamoDB", async () => dynamoDbCheckBook(await newUpdatesTable(account()))],
  ["the fake", async () => fakeCheckBook()],
];

const PLAN: Plan = { check: CHECK, hosts: ["mail", "www"], releases: [], endOfLifeDays: 60, previous: null };
const FIRST: Told = { revision: 1, check: CHECK, unsettled: [{ check: CHECK, revision: 1 }] };

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe.each(BOOKS)("a book of checks in %s", (_name, make) => {
  test("is empty before the first check", async () => {
    const book = await make();
    expect(await book.told()).toEqual(NOTHING_TOLD);
    expect(await book.plan(CHECK)).toBeUndefined();
    expect(await book.host(CHECK, "www")).toBeUndefined();
    expect(await book.release(CHECK, "15.1", "amd64")).toBeUndefined();
    expect(await book.report(CHECK, 1)).toBeUndefined();
    expect([await all(book.hosts(CHECK)), await all(book.releases(CHECK))]).toEqual([[], []]);
  });

  test("the first plan stands, whatever a second run would have planned", async () => {
    const book = await make();
    expect(await book.keepPlan(PLAN)).toEqual(PLAN);
    expect(await book.keepPlan({ ...PLAN, hosts: [], previous: "x" })).toEqual(PLAN);
    expect(await book.plan(CHECK)).toEqual(PLAN);
  });

  test("the first record of a host and of a release stands, and the second writer is told of it", async () => {
    const book = await make();
    const [first, second] = [checked("www"), missed("www")];
    expect(await book.keepHost(first)).toEqual(first);
    expect(await book.keepHost(second)).toEqual(first);
    expect(await book.host(CHECK, "www")).toEqual(first);
    const release = ofRelease();
    await book.keepRelease(release);
    expect(await book.keepRelease(ofRelease({ patchLevel: { value: 9 } }))).toEqual(release);
    expect(await book.release(CHECK, "15.1", "amd64")).toEqual(release);
  });

  test("of two records at once one stands, for both", async () => {
    const book = await make();
    const [one, other] = await Promise.all([book.keepHost(checked("www")), book.keepHost(missed("www"))]);
    expect(one).toEqual(other);
  });

  test("lists a check's hosts by name, and neither releases nor other checks", async () => {
    const book = await make();
    for (const host of ["www", "mail", "a-b", "a"]) await book.keepHost(checked(host));
    await book.keepHost(checked("www", {}, "2026-11-28T06:00:00.000Z"));
    await book.keepRelease(ofRelease());
    await book.keepPlan(PLAN);
    await book.keepReport(CHECK, 1, { message: null, builds: [] });
    expect((await all(book.hosts(CHECK))).map(({ host }) => host)).toEqual(["a", "a-b", "mail", "www"]);
    expect(await all(book.releases(CHECK))).toEqual([ofRelease()]);
  });

  test("lists more than fits into one answer", async () => {
    const book = await make();
    const notes = [..."abcdefgh"].map((letter) => letter.repeat(30_000)); // 240 kB each; a page has 1 MB
    const findings = { packages: { value: { changes: [], notes } } };
    for (let index = 0; index < 9; index += 1) await book.keepHost(checked(`host${index}`, findings));
    expect((await all(book.hosts(CHECK))).map(({ host }) => host)).toHaveLength(9);
  });

  test("what was told is replaced by the revision after it, and by no other", async () => {
    const book = await make();
    expect(await book.replaceTold({ ...FIRST, revision: 2 })).toBe(false);
    expect(await book.replaceTold(FIRST)).toBe(true);
    for (const revision of [1, 3]) expect(await book.replaceTold({ ...FIRST, revision })).toBe(false);
    expect(await book.told()).toEqual(FIRST);
    expect(await book.replaceTold({ ...FIRST, revision: 2, unsettled: [] })).toBe(true);
    expect(await book.told()).toEqual({ revision: 2, check: CHECK, unsettled: [] });
  });

  test("of two that tell at once one does", async () => {
    const book = await make();
    const answers = await Promise.all([book.replaceTold(FIRST), book.replaceTold(FIRST)]);
    expect(answers.sort()).toEqual([false, true]);
  });

  test("a report can be written again as long as nobody knows of it, and lies by revision", async () => {
    const book = await make();
    const report = { message: null, builds: ["base"] };
    await book.keepReport(CHECK, 1, { message: null, builds: [] });
    await book.keepReport(CHECK, 1, report);
    expect(await book.report(CHECK, 1)).toEqual(report);
    expect(await book.report(CHECK, 2)).toBeUndefined();
  });
});

test("DynamoDB deletes what is a year old; what was told last is never deleted", async () => {
  const settings = await newUpdatesTable(account());
  const book = dynamoDbCheckBook(settings);
  await book.keepPlan(PLAN);
  await book.keepHost(checked("www"));
  await book.keepRelease(ofRelease());
  await book.keepReport(CHECK, 1, { message: null, builds: [] });
  await book.replaceTold(FIRST);
  const scan = new ScanCommand({ TableName: updatesTableName(settings.stage) });
  const { Items = [] } = await account().dynamodb.send(scan);
  const expiries = Items.map(({ item, expiresAt }) => [item?.S, expiresAt?.N]).sort();
  const day = String(Date.parse("2028-01-01T06:00:00.000Z") / 1000);
  expect(expiries).toEqual([
    ["host/www", day],
    ["plan", day],
    ["release/15.1/amd64", day],
    ["report/000001", day],
    ["told", undefined],
  ]);
});
