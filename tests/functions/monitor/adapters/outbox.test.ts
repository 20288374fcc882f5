import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { dynamoDbBudget } from "../../../../functions/monitor/adapters/dynamodb-budget.ts";
import { dynamoDbInbox } from "../../../../functions/monitor/adapters/dynamodb-inbox.ts";
import { dynamoDbOutbox } from "../../../../functions/monitor/adapters/dynamodb-outbox.ts";
import type { Budget, Inbox, Outbox, Telling } from "../../../../functions/monitor/telling/ports.ts";
import { fakeOutbox } from "../telling/fakes/fake-outbox.ts";
import { fakeBudget, fakeInbox } from "../telling/fakes/fake-records.ts";
import { type MonitorStage, openMonitorStage } from "./monitor-stage.ts";

/* What is in DynamoDB and the fakes that other tests stand on must behave alike. */

let open: MonitorStage;
beforeAll(async () => {
  open = await openMonitorStage();
});
afterAll(() => open.close());

const START = new Date("2026-11-22T04:00:00.000Z");
const LATER = new Date("2026-11-22T04:00:40.000Z");
const EVEN_LATER = new Date("2026-11-22T04:01:20.000Z");

let numbers = 0;
/** Every test has a message and a phone of its own, since the table outlives them. */
function newMessage(): Telling {
  numbers += 1;
  const contact = { name: "colin", phone: `+1604555${String(numbers).padStart(4, "0")}` };
  return { key: `${numbers}/1/colin/sms`, contact, channel: "sms", text: "ALARM" };
}

const OUTBOXES: [name: string, make: () => Outbox][] = [
  ["DynamoDB", () => dynamoDbOutbox(open.settings())],
  ["the fake", fakeOutbox],
];

describe.each(OUTBOXES)("a message in %s", (_name, make) => {
  const claimed = async () => {
    const [outbox, message] = [make(), newMessage()];
    expect(await outbox.claim(message, START)).toBe(true);
    return { outbox, message, key: message.key };
  };

  it("is new, until somebody claims it", async () => {
    const [outbox, message] = [make(), newMessage()];
    expect(await outbox.find(message.key)).toEqual({ state: "new" });
    expect(await outbox.claim(message, START)).toBe(true);
    expect(await outbox.claim(message, LATER)).toBe(false);
    expect(await outbox.find(message.key)).toEqual({
      state: "claimed",
      claimedAt: START,
      firstClaimedAt: START,
    });
  });

  it("that two claim at once belongs to one", async () => {
    const [outbox, message] = [make(), newMessage()];
    const both = await Promise.all([outbox.claim(message, START), outbox.claim(message, START)]);
    expect(both.sort()).toEqual([false, true]);
  });

  it("in doubt is taken over once: whoever saw an older claim comes too late", async () => {
    const { outbox, key } = await claimed();
    const both = await Promise.all([outbox.takeOver(key, START, LATER), outbox.takeOver(key, START, LATER)]);
    expect(both.sort()).toEqual([false, true]);
    expect(await outbox.find(key)).toEqual({ state: "claimed", claimedAt: LATER, firstClaimedAt: START });
    expect(await outbox.takeOver(key, START, EVEN_LATER)).toBe(false);
    expect(await outbox.takeOver(key, LATER, EVEN_LATER)).toBe(true);
  });

  it("that does not exist can be neither taken over, nor given back, nor marked", async () => {
    const [outbox, { key }] = [make(), newMessage()];
    expect(await outbox.takeOver(key, START, LATER)).toBe(false);
    await outbox.release(key, START);
    await outbox.markSent(key, "SM1");
    await outbox.markFailed(key, START, "21211");
    expect(await outbox.recordDelivery(key, { sid: "SM1", status: "sent", at: START })).toBe("unknown");
    expect(await outbox.find(key)).toEqual({ state: "new" });
  });

  it("that was given back is new again", async () => {
    const { outbox, message, key } = await claimed();
    await outbox.release(key, LATER); // not the claim that was made
    expect(await outbox.claim(message, LATER)).toBe(false);
    await outbox.release(key, START);
    expect(await outbox.claim(message, LATER)).toBe(true);
  });

  it("that was taken over is not given back: the attempt before is in doubt", async () => {
    const { outbox, key } = await claimed();
    await outbox.takeOver(key, START, LATER);
    await outbox.release(key, LATER);
    expect(await outbox.find(key)).toMatchObject({ state: "claimed" });
  });

  it("that was sent stays sent, under its first sid, whatever follows", async () => {
    const { outbox, message, key } = await claimed();
    await outbox.markSent(key, "SM1");
    await outbox.markSent(key, "SM2");
    await outbox.release(key, START);
    await outbox.markFailed(key, START, "21211");
    await outbox.markOverBudget(message, LATER);
    expect(await outbox.takeOver(key, START, LATER)).toBe(false);
    expect(await outbox.claim(message, LATER)).toBe(false);
    expect(await outbox.find(key)).toEqual({ state: "sent", sid: "SM1" });
  });

  it("that failed stays failed, and is neither taken over nor given back", async () => {
    const { outbox, message, key } = await claimed();
    await outbox.markFailed(key, LATER, "of another claim");
    expect(await outbox.find(key)).toMatchObject({ state: "claimed" });
    await outbox.markFailed(key, START, "Twilio: 21211");
    await outbox.release(key, START);
    expect(await outbox.takeOver(key, START, LATER)).toBe(false);
    expect(await outbox.claim(message, LATER)).toBe(false);
    expect(await outbox.find(key)).toEqual({ state: "failed", reason: "Twilio: 21211" });
  });

  it("that failed, and of which Twilio tells all the same, was sent", async () => {
    const { outbox, key } = await claimed();
    await outbox.markFailed(key, START, "Twilio: 20003");
    expect(await outbox.recordDelivery(key, { sid: "SM1", status: "sent", at: LATER })).toBe("recorded");
    expect(await outbox.find(key)).toMatchObject({ state: "sent", sid: "SM1" });
  });

  it("that was held back stays so, and one that was claimed is not held back", async () => {
    const [outbox, message] = [make(), newMessage()];
    await outbox.markOverBudget(message, START);
    await outbox.markOverBudget(message, LATER);
    expect(await outbox.claim(message, LATER)).toBe(false);
    expect(await outbox.takeOver(message.key, START, LATER)).toBe(false);
    expect(await outbox.find(message.key)).toEqual({ state: "over-budget" });
    const other = await claimed();
    await other.outbox.markOverBudget(other.message, LATER);
    expect(await other.outbox.find(other.key)).toMatchObject({ state: "claimed" });
  });

  it("is settled by what Twilio tells, in any order, as often as it likes", async () => {
    const { outbox, key } = await claimed();
    const told = (status: string, sid = "SM1") => outbox.recordDelivery(key, { sid, status, at: LATER });
    expect(await told("sent")).toBe("recorded");
    expect(await told("sent")).toBe("known");
    expect(await told("queued")).toBe("known");
    expect(await told("delivered", "SM2")).toBe("another");
    expect(await told("delivered")).toBe("recorded");
    expect(await told("undelivered")).toBe("known");
    expect(await outbox.find(key)).toEqual({
      state: "sent",
      sid: "SM1",
      delivery: { status: "delivered", at: LATER },
    });
  });

  it("keeps the code of its failure", async () => {
    const { outbox, key } = await claimed();
    const failure = { status: "undelivered", errorCode: 30_003, at: LATER };
    await outbox.recordDelivery(key, { sid: "SM1", ...failure });
    expect(await outbox.find(key)).toEqual({ state: "sent", sid: "SM1", delivery: failure });
  });

  it("is among the sids of its phone, and of no other", async () => {
    const { outbox, message, key } = await claimed();
    expect(await outbox.sidsTo(message.contact.phone)).toEqual(new Set());
    await outbox.markSent(key, "SM1");
    const second = { ...newMessage(), contact: message.contact };
    await outbox.claim(second, START);
    await outbox.recordDelivery(second.key, { sid: "SM2", status: "sent", at: LATER });
    const stranger = newMessage();
    await outbox.claim(stranger, START);
    await outbox.markSent(stranger.key, "SM3");
    expect(await outbox.sidsTo(message.contact.phone)).toEqual(new Set(["SM1", "SM2"]));
  });
});

const BUDGETS: [name: string, make: () => Budget][] = [
  ["DynamoDB", () => dynamoDbBudget(open.settings())],
  ["the fake", fakeBudget],
];

describe.each(BUDGETS)("an hour in %s", (name, make) => {
  it("has so many places, one for each key", async () => {
    const [budget, hour] = [make(), `2026-11-22T0${name === "DynamoDB" ? 4 : 5}`];
    const take = (key: string, limit = 2) => budget.take(hour, key, limit);
    expect(await take("a")).toBe(true);
    expect(await take("a")).toBe(true);
    expect(await take("b")).toBe(true);
    expect(await take("c")).toBe(false);
    expect(await take("a")).toBe(true);
    expect(await take("c", 3)).toBe(true); // a limit that was raised holds at once
    expect(await budget.take("2026-11-22T06", "d", 2)).toBe(true);
  });

  it("without places gives none", async () => {
    expect(await make().take("2026-11-23T00", "a", 0)).toBe(false);
  });

  it("gives the last place to one of many who come at once", async () => {
    const budget = make();
    const taken = await Promise.all(
      Array.from({ length: 9 }, (_, n) => budget.take("2026-11-23T01", `k${n}`, 3)),
    );
    expect(taken.filter(Boolean)).toHaveLength(3);
  });
});

const INBOXES: [name: string, make: () => Inbox][] = [
  ["DynamoDB", () => dynamoDbInbox(open.settings())],
  ["the fake", fakeInbox],
];

describe.each(INBOXES)("a text in %s", (_name, make) => {
  it.each([
    ["SMa", [12, 11]],
    ["SMb", []],
  ])("means for ever what it meant first: %s", async (sid, incidents) => {
    const inbox = make();
    expect(await inbox.keep(sid, "+16045550100", incidents, START)).toEqual(incidents);
    expect(await inbox.keep(sid, "+16045550100", [14, 12, 11], LATER)).toEqual(incidents);
  });
});

it("items of messages and hours expire; those of texts do not, since a signed one has no date", async () => {
  const message = newMessage();
  await dynamoDbOutbox(open.settings()).claim(message, START);
  await dynamoDbBudget(open.settings()).take("2026-11-24T00", "k", 1);
  await dynamoDbInbox(open.settings()).keep("SMc", "+16045550100", [1], START);
  const expiryOf = async (part: string, item: string) => {
    const Key = { part: { S: part }, item: { S: item } };
    const { Item } = await open.dynamodb.send(new GetItemCommand({ TableName: open.table, Key }));
    expect(Item).toBeDefined();
    return Item?.expiresAt?.N;
  };
  expect(await expiryOf("outbox", message.key)).toBe(String(Date.parse("2027-02-20T04:00:00Z") / 1000));
  expect(await expiryOf("budget", "2026-11-24T00")).toBe(String(Date.parse("2026-12-01T00:00:00Z") / 1000));
  expect(await expiryOf("inbox", "SMc")).toBeUndefined();
});
