import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  dynamoDbSendLedger,
  sendTableName,
} from "../../../../functions/mail/adapters/dynamodb-send-ledger.ts";
import type { SendLedger } from "../../../../functions/mail/ports.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";
import { fakeLedger } from "../fakes/fake-ledger.ts";

let open: OpenStage;
beforeAll(async () => {
  open = await openStage();
});
afterAll(() => open.close());

const START = new Date("2026-11-22T04:00:00.000Z");
const LATER = new Date("2026-11-22T04:03:00.000Z");
const EVEN_LATER = new Date("2026-11-22T04:06:00.000Z");

let keys = 0;
/** Every test has a send of its own, since the table outlives them. */
function newKey(): string {
  keys += 1;
  return `key-${keys}`;
}

/** The one in DynamoDB, and the fake that the other tests stand on, must behave alike. */
const LEDGERS: [name: string, make: () => SendLedger][] = [
  ["DynamoDB", () => dynamoDbSendLedger(open.settings())],
  ["the fake", fakeLedger],
];

describe.each(LEDGERS)("a send in %s", (_name, make) => {
  test("is claimed by the first; the next learns since when", async () => {
    const [ledger, key] = [make(), newKey()];
    expect(await ledger.claim(key, "m", START)).toEqual({ state: "new" });
    expect(await ledger.claim(key, "m", LATER)).toEqual({ state: "claimed", claimedAt: START });
  });

  test("that two claim at once belongs to one", async () => {
    const [ledger, key] = [make(), newKey()];
    const both = await Promise.all([ledger.claim(key, "m", START), ledger.claim(key, "m", START)]);
    expect(both.map(({ state }) => state).sort()).toEqual(["claimed", "new"]);
  });

  test("that was sent stays sent, whatever follows", async () => {
    const [ledger, key] = [make(), newKey()];
    await ledger.claim(key, "m", START);
    await ledger.markSent(key, "ses-1");
    await ledger.markSent(key, "ses-2");
    await ledger.release(key);
    expect(await ledger.takeOver(key, START, LATER)).toBe(false);
    expect(await ledger.claim(key, "m", LATER)).toEqual({ state: "sent" });
  });

  test("that was given back is new again", async () => {
    const [ledger, key] = [make(), newKey()];
    await ledger.claim(key, "m", START);
    await ledger.release(key);
    expect(await ledger.claim(key, "m", LATER)).toEqual({ state: "new" });
  });

  test("that nobody claimed can be given back, and settled by an event", async () => {
    const [ledger, key] = [make(), newKey()];
    await ledger.release(key);
    await ledger.markSent(key, "ses-1");
    expect(await ledger.claim(key, "m", START)).toEqual({ state: "sent" });
  });

  test("in doubt is taken over once: whoever saw an older claim comes too late", async () => {
    const [ledger, key] = [make(), newKey()];
    await ledger.claim(key, "m", START);
    const both = await Promise.all([ledger.takeOver(key, START, LATER), ledger.takeOver(key, START, LATER)]);
    expect(both.sort()).toEqual([false, true]);
    expect(await ledger.claim(key, "m", EVEN_LATER)).toEqual({ state: "claimed", claimedAt: LATER });
    expect(await ledger.takeOver(key, START, EVEN_LATER)).toBe(false);
  });

  test("that does not exist cannot be taken over", async () => {
    expect(await make().takeOver(newKey(), START, LATER)).toBe(false);
  });

  test("whose outcome is told was sent, though nobody claimed it or SES's event of that was lost", async () => {
    const [ledger, key] = [make(), newKey()];
    await ledger.record(key, "ses-1", { kind: "delivered", at: LATER, reason: "" });
    await ledger.record(key, "ses-1", { kind: "bounced", at: START, reason: "Permanent General" });
    expect(await ledger.claim(key, "m", EVEN_LATER)).toEqual({ state: "sent" });
  });
});

test("outcomes stand on the item, each kind on its own, as they were told first", async () => {
  const [ledger, key] = [dynamoDbSendLedger(open.settings()), newKey()];
  await ledger.claim(key, "m", START);
  await ledger.record(key, "ses-1", { kind: "complained", at: EVEN_LATER, reason: "abuse" });
  await ledger.record(key, "ses-1", { kind: "delivered", at: LATER, reason: "" });
  await ledger.record(key, "ses-2", { kind: "complained", at: EVEN_LATER, reason: "again" });
  await ledger.markSent(key, "ses-3");
  const { settings } = open;
  const client = new DynamoDBClient({ region: settings().region });
  const Key = { key: { S: key } };
  const { Item } = await client.send(new GetItemCommand({ TableName: sendTableName(settings().stage), Key }));
  expect(Item).toEqual({
    ...Key,
    messageId: { S: "m" },
    claimedAt: { S: START.toISOString() },
    sesMessageId: { S: "ses-1" },
    complained: { S: `${EVEN_LATER.toISOString()} abuse` },
    delivered: { S: LATER.toISOString() },
  });
});
