import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Account, attodollars, ZERO } from "#ledger";
import { READ_MILLISECONDS } from "../../../functions/accounts/adapters/dynamodb-account-book.ts";
import { type Bank, openBank } from "./fakes/open-bank.ts";
import { overdueAccount, sampleAccount } from "./fakes/sample-account.ts";

const ALL = ["read", "write", "create-key", "delete"];
const UNREADABLE = { account: "customer-1", allowed: ALL, status: "unreadable", assumed: true };
const ALARM = ["BalanceUnreadable nightshift-rehearsal-accounts-authorize-account"];

let bank: Bank;
const ask = (account = "customer-1") => bank.call("authorize-account", { account });

describe("what an account may do", () => {
  beforeAll(async () => {
    bank = await openBank();
  });
  afterAll(() => bank.close());

  const rows: [why: string, changes: Partial<Account>, status: string, allowed: string[]][] = [
    ["a positive balance", {}, "active", ALL],
    ["the smallest positive balance", { balance: attodollars(1n) }, "active", ALL],
    ["a balance that is running low", { lowOn: "2026-11-20" }, "low", ALL],
    ["a balance of nothing is not positive", { balance: ZERO }, "suspended", ["delete"]],
    ["an attodollar owed", { balance: attodollars(-1n) }, "suspended", ["delete"]],
    ["a countdown that is over, before anybody approved", overdueAccount(), "suspended", ["delete"]],
    ["paid again, before the night has seen it", overdueAccount({ balance: attodollars(1n) }), "low", ALL],
    ["parked, whatever it owes", overdueAccount({ parkedOn: "2026-11-20" }), "parked", ALL],
    ["deleted", overdueAccount({ deletedOn: "2026-11-22" }), "deleted", []],
    ["deleted, though money came in late", { deletedOn: "2026-11-22" }, "deleted", []],
    ["a balance beyond 64 bits", { balance: attodollars(10n ** 25n) }, "active", ALL],
    ["a debt beyond 64 bits", { balance: attodollars(-(10n ** 25n)) }, "suspended", ["delete"]],
  ];
  test.each(rows)("%s", async (_why, changes, status, allowed) => {
    await bank.put(sampleAccount(changes));
    expect(await ask()).toEqual({ account: "customer-1", allowed, status, assumed: false });
  });

  test("nobody knows the account: it may do nothing, which is no assumption", async () => {
    expect(await ask("stranger")).toEqual({
      account: "stranger",
      allowed: [],
      status: "unknown",
      assumed: false,
    });
    expect(bank.metrics()).toEqual([]);
  });

  test.each([[""], ["a b"], ["a/b"], ["a\n"], ["x".repeat(65)], [7]])("%j is no account", async (account) => {
    await expect(bank.call("authorize-account", { account })).rejects.toMatchObject({
      name: "InvalidInputError",
    });
  });
});

describe("the balance cannot be read: it is taken to be positive, and the alarm goes off", () => {
  afterEach(() => bank.close());

  test.each([
    ["DynamoDB is in trouble", "InternalServerError"],
    ["it is asked too much", "ProvisionedThroughputExceededException"],
    ["the table is gone", "ResourceNotFoundException"],
    ["the permission is gone", "AccessDeniedException"],
  ])("%s", async (_why, code) => {
    bank = await openBank(`dynamodb:GetItem:${code}`);
    await bank.put(sampleAccount({ balance: ZERO }));
    expect(await ask()).toEqual(UNREADABLE);
    expect(bank.metrics()).toEqual(ALARM);
    expect(await ask()).toMatchObject({ status: "suspended", assumed: false }); // and it is asked anew each time
  });

  test("DynamoDB does not answer: nobody waits for longer than two seconds", async () => {
    bank = await openBank();
    bank.theatre.power.door.freeze();
    const started = performance.now();
    expect(await ask()).toEqual(UNREADABLE);
    const waited = performance.now() - started;
    expect(READ_MILLISECONDS).toBe(2000);
    expect(waited).toBeGreaterThan(READ_MILLISECONDS * 0.9);
    expect(waited).toBeLessThan(READ_MILLISECONDS * 5); // a busy machine is late, an unbounded call never comes
    expect(bank.metrics()).toEqual(ALARM);
  });
});
