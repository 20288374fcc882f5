import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  type Account,
  accountItem,
  accountTableName,
  attodollars,
  type Day,
  type Entry,
  statementOf,
} from "#ledger";
import { conditionalUpdate, valuesOf } from "../../../../functions/billing/adapters/conditional-update.ts";
import { dynamoDbAccountRegister } from "../../../../functions/billing/adapters/dynamodb-account-register.ts";
import { dynamoDbLedger } from "../../../../functions/billing/adapters/dynamodb-ledger.ts";
import type { ChargeRequest, Ledger } from "../../../../functions/billing/ports.ts";
import { STAGE } from "../../../../local/rehearsal/stage.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";
import { FakeLedger, newAccount } from "../fakes/fake-ledger.ts";

/*
 * What a ledger answers, asked of the one in DynamoDB and of the fake, so that every test that stands on the fake
 * stands on the real one.
 */

let stage: OpenStage;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  stage = await openStage();
  dynamodb = new DynamoDBClient({ region: "us-east-1" });
}, 30_000);
afterAll(async () => {
  dynamodb.destroy();
  await stage.close();
});

interface Bench {
  readonly ledger: Ledger;
  readonly put: (account: Account) => Promise<void>;
}

const BENCHES: Record<string, () => Bench> = {
  "the ledger in DynamoDB": () => ({
    ledger: dynamoDbLedger(stage.settings()),
    put: async (account) => {
      const Item = valuesOf(accountItem(account));
      await dynamodb.send(new PutItemCommand({ TableName: accountTableName(STAGE), Item }));
    },
  }),
  "the fake": () => {
    const ledger = new FakeLedger();
    return { ledger, put: async (account) => void ledger.accounts.set(account.account, account) };
  },
};

const PAID: Entry = { kind: "payment", amount: attodollars(10n ** 30n + 1n), on: "2026-11-20" };
let number = 0;

describe.each(Object.keys(BENCHES))("%s", (name) => {
  let bench: Bench;
  let account: Account;
  beforeEach(async () => {
    const make = BENCHES[name];
    if (make === undefined) throw new Error(name);
    bench = make();
    number += 1;
    account = newAccount(`${number}`, "2026-11", attodollars(10n ** 37n - 7n));
    await bench.put(account);
  });
  const open = async (by: Partial<Account>) => {
    account = { ...account, ...by };
    await bench.put(account);
  };

  it("charges a day to the last attodollar, and answers the account as it is then", async () => {
    const answer = await bench.ledger.charge(account.account, request("2026-11-22", 3n));
    expect(answer).toEqual({
      applied: true,
      account: {
        ...account,
        revision: 1n,
        balance: 10n ** 37n - 10n,
        charges: { "22": 3n },
        used: { storedBytes: 10n ** 15n, bytesIn: 1n, bytesOut: 2n },
        storageCharged: 3n,
        lastCharge: 3n,
        lastPart: 4n,
        storagePerDay: 3n,
      },
    });
    expect(await bench.ledger.read(account.account)).toEqual(answer.account);
  });

  it.each<{ why: string; by: Partial<Account>; least?: bigint; applied: boolean }>([
    { why: "the day has a charge", by: { charges: { "22": attodollars(1n) } }, applied: false },
    { why: "another month is open", by: { month: "2026-10" }, applied: false },
    { why: "it is parked", by: { parkedOn: "2026-11-01" }, applied: false },
    { why: "it is deleted", by: { deletedOn: "2026-11-01" }, applied: false },
    { why: "the last charge is too small", by: { lastCharge: attodollars(9n) }, least: 10n, applied: false },
    {
      why: "the last charge is just enough",
      by: { lastCharge: attodollars(10n) },
      least: 10n,
      applied: true,
    },
    {
      why: "9 is less than 10, as a number",
      by: { lastCharge: attodollars(100n) },
      least: 20n,
      applied: true,
    },
    { why: "there was no charge before", by: {}, least: 10n, applied: true },
  ])("$why: applied $applied", async ({ by, least, applied }) => {
    await open(by);
    const answer = await bench.ledger.charge(account.account, request("2026-11-22", 3n, least));
    expect(answer.applied).toBe(applied);
    if (!applied) expect(answer.account).toEqual(account); // as it stood in the way
  });

  it("answers nothing about nobody, and makes no account", async () => {
    expect(await bench.ledger.charge("nobody", request("2026-11-22", 3n))).toEqual({ applied: false });
    expect(await bench.ledger.read("nobody")).toBeUndefined();
  });

  it("opens a month with what the one before left", async () => {
    await open({ charges: { "30": attodollars(5n) }, entries: { p: PAID }, lowOn: "2026-11-30" });
    const answer = await bench.ledger.openMonth(account, request("2026-12-01", 3n));
    expect(answer).toMatchObject({
      applied: true,
      account: {
        month: "2026-12",
        opening: account.balance,
        balance: account.balance - 3n,
        charges: { "01": 3n },
        entries: {},
        used: { storedBytes: 10n ** 15n },
        storageCharged: 3n,
        closedMonth: "2026-11",
        closedOn: "2026-12-01",
        lowOn: "2026-11-30",
        revision: 1n,
      },
    });
  });

  it.each<{ what: string; change: (ledger: Ledger, seen: Account) => Promise<{ applied: boolean }> }>([
    { what: "opening a month", change: (ledger, seen) => ledger.openMonth(seen, request("2026-12-01", 3n)) },
    { what: "an entry", change: (ledger, seen) => ledger.addEntry(seen, "other", PAID, []) },
    { what: "a mark", change: (ledger, seen) => ledger.mark(seen, { lowOn: "2026-11-22" }) },
  ])("$what is refused on an account that changed since it was seen", async ({ change }) => {
    await bench.ledger.addEntry(account, "first", PAID, []);
    const now = await bench.ledger.read(account.account);
    expect(await change(bench.ledger, account)).toEqual({ applied: false, account: now });
  });

  it("adds an entry and takes marks off in one", async () => {
    await open({ lowOn: "2026-11-10", suspendedOn: "2026-11-12", deletableFrom: "2026-11-20" });
    const cleared = ["lowOn", "suspendedOn", "deletableFrom"] as const;
    const answer = await bench.ledger.addEntry(account, "pi_1", PAID, cleared);
    const { lowOn: _, suspendedOn: __, deletableFrom: ___, ...rest } = account;
    expect(answer).toEqual({
      applied: true,
      account: { ...rest, revision: 1n, balance: account.balance + PAID.amount, entries: { pi_1: PAID } },
    });
  });

  it("an entry's id may hold what an expression would stumble over", async () => {
    const id = "reversal:charge:2026-11-22#.:x";
    const reversal: Entry = {
      kind: "reversal",
      amount: attodollars(5n),
      on: "2026-11-23",
      reverses: "charge:2026-11-22",
    };
    expect(await bench.ledger.addEntry(account, id, reversal, [])).toMatchObject({
      account: { entries: { [id]: reversal } },
    });
  });

  it("keeps of a month's states the latest, and tells months in order", async () => {
    const first = statementOf({ ...account, month: "2026-09", entries: { p: PAID } });
    const second = statementOf({ ...account, month: "2026-10" });
    await bench.ledger.cutStatement({ ...second, revision: 7n });
    await bench.ledger.cutStatement({ ...first, revision: 5n });
    await bench.ledger.cutStatement({ ...second, revision: 6n, closing: attodollars(1n) });
    await bench.ledger.cutStatement({ ...first, revision: 10n, closing: attodollars(2n) });
    expect(await bench.ledger.statements(account.account)).toEqual([
      { ...first, revision: 10n, closing: 2n },
      { ...second, revision: 7n },
    ]);
  });

  it("of two that charge the same day at once, one does", async () => {
    const both = await Promise.all(
      [1, 2].map(() => bench.ledger.charge(account.account, request("2026-11-22", 3n))),
    );
    expect(both.map(({ applied }) => applied).sort()).toEqual([false, true]);
    expect(both.map((one) => one.account?.balance)).toEqual([account.balance - 3n, account.balance - 3n]);
  });
});

describe("what a charge consumes", () => {
  it("is one write unit, made or refused, and no read", async () => {
    const { ledger, put } = (BENCHES["the ledger in DynamoDB"] as () => Bench)();
    const days = Array.from({ length: 21 }, (_, day) => [
      String(day + 1).padStart(2, "0"),
      attodollars(10n ** 17n + 1n),
    ]);
    const charges = Object.fromEntries(days);
    await put({ ...newAccount("costly", "2026-11"), charges, balance: attodollars(0n) });
    const before = stage.stage.cloud.requestUnits()[accountTableName(STAGE)];
    await ledger.charge("costly", request("2026-11-22", 3n));
    await ledger.charge("costly", request("2026-11-22", 3n));
    const after = stage.stage.cloud.requestUnits()[accountTableName(STAGE)];
    expect([(after?.write ?? 0) - (before?.write ?? 0), (after?.read ?? 0) - (before?.read ?? 0)]).toEqual([
      2, 0,
    ]);
  });
});

describe("an account whose item is not as it must be", () => {
  const whole = accountItem({ ...newAccount("whole", "2026-11"), lastCharge: attodollars(1n) });
  let item: Record<string, AttributeValue> = {};
  beforeEach(async () => {
    item = { ...valuesOf(whole), account: { S: "broken" } };
  });
  const put = (Item: Record<string, AttributeValue>) =>
    dynamodb.send(new PutItemCommand({ TableName: accountTableName(STAGE), Item }));
  const remove = () =>
    dynamodb.send(
      new DeleteItemCommand({ TableName: accountTableName(STAGE), Key: { account: { S: "broken" } } }),
    );

  it.each([
    { what: "it has no address, which nobody sees before it is read", without: "mail" },
    { what: "it has no days, which the charge is added to", without: "days" },
    { what: "it has no balance, which the charge is taken from", without: "balance" },
  ])("is named, and no failure of the table: $what", async ({ without }) => {
    await put(Object.fromEntries(Object.entries(item).filter(([name]) => name !== without)));
    const ledger = dynamoDbLedger(stage.settings());
    const register = dynamoDbAccountRegister(stage.settings());
    const error = { name: "AccountBrokenError", message: /^account broken is broken: / };
    await expect(ledger.charge("broken", request("2026-11-22", 3n))).rejects.toMatchObject(error);
    await expect(ledger.read("broken")).rejects.toMatchObject(error);
    const { accounts, broken } = await register.page(0, 1, undefined);
    await remove();
    expect(broken).toEqual([expect.stringMatching(error.message)]);
    expect(accounts.length).toBeGreaterThan(10);
  });
});

describe("an update that DynamoDB does not take from anybody", () => {
  it("is no fault of the account", async () => {
    const wrong = { account: "whole", set: ["balance ="], when: ["rev = :seen"], names: {}, values: {} };
    const update = conditionalUpdate(dynamodb, accountTableName(STAGE), wrong);
    await expect(update).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("all accounts", () => {
  it("are read by segments, each account once, page by page", async () => {
    const register = dynamoDbAccountRegister(stage.settings());
    const found: string[] = [];
    for (const segment of [0, 1, 2]) {
      let cursor: string | undefined;
      do {
        const page = await register.page(segment, 3, cursor);
        found.push(...page.accounts.map(({ account }) => account));
        cursor = page.cursor;
      } while (cursor !== undefined);
    }
    expect(found.length).toBeGreaterThan(10);
    expect(new Set(found).size).toBe(found.length);
  });
});

function request(day: Day, amount: bigint, least?: bigint): ChargeRequest {
  const total = attodollars(amount);
  return {
    day,
    part: 4n,
    usage: { storedBytes: 10n ** 15n, bytesIn: 1n, bytesOut: 2n },
    charge: { storage: total, bandwidth: attodollars(0n), total },
    ...(least === undefined ? {} : { leastLastCharge: attodollars(least) }),
  };
}
