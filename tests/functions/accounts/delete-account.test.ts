import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Account, attodollars, ZERO } from "#ledger";
import { type Bank, openBank } from "./fakes/open-bank.ts";
import { overdueAccount, sampleAccount } from "./fakes/sample-account.ts";

const SWITCH = "/nightshift/rehearsal/accounts/deletions";
const CALLER = "nightshift-rehearsal-accounts-delete-account";

let bank: Bank;
beforeAll(async () => {
  bank = await openBank();
});
afterAll(() => bank.close());

const remove = (time = "2026-11-22T04:00:00Z", account = "customer-1") =>
  bank.call("delete-account", { account, approvedBy: "colin", time });

describe("the stop switch", () => {
  test("nobody has set it: nothing is deleted", async () => {
    await bank.put(overdueAccount());
    await expect(remove()).rejects.toMatchObject({ name: "DeletionsStoppedError" });
  });

  test.each(["stopped", "Allowed", "allowed\n", " allowed", "true"])(
    "it says %j: nothing is deleted, and the account is not even looked at",
    async (value) => {
      await bank.setParameter(SWITCH, value);
      const before = bank.theatre.stage.cloud.calls().length;
      await expect(remove()).rejects.toMatchObject({ name: "DeletionsStoppedError" });
      const calls = bank.theatre.stage.cloud.calls().slice(before);
      expect(calls.map(({ operation }) => operation)).toEqual(["GetParameter"]);
      expect((await bank.account("customer-1"))?.deletedOn).toBeUndefined();
    },
  );
});

describe("with deletions allowed", () => {
  beforeEach(() => bank.setParameter(SWITCH, "allowed"));

  test("an unpaid account past its countdown is marked, by whom and when; all else stays as it was", async () => {
    const before = overdueAccount();
    await bank.put(before);
    expect(await remove()).toEqual({ account: "customer-1", deletedOn: "2026-11-22" });
    expect(await bank.account("customer-1")).toEqual({ ...before, revision: 8n, deletedOn: "2026-11-22" });
    expect(await bank.deletedBy("customer-1")).toBe("colin");
  });

  test("again: the same answer, and nothing is changed, not even by a later day or another operator", async () => {
    await bank.put(overdueAccount({ balance: ZERO }));
    const first = await remove();
    bank.theatre.stage.clock.advance(86_400_000);
    const again = { account: "customer-1", approvedBy: "thomas", time: "2026-11-23T04:00:00Z" };
    expect(await bank.call("delete-account", again)).toEqual(first);
    expect(await bank.account("customer-1")).toMatchObject({ revision: 8n, deletedOn: "2026-11-22" });
    expect(await bank.deletedBy("customer-1")).toBe("colin");
  });

  const rows: [why: string, account: Account, name: string, says: string][] = [
    [
      "it was paid for",
      overdueAccount({ balance: attodollars(1n) }),
      "StillPaidError",
      "$0.000000000000000001",
    ],
    [
      "it was paid for, and the countdown is over",
      overdueAccount({ balance: attodollars(5n * 10n ** 18n) }),
      "StillPaidError",
      "$5.00",
    ],
    [
      "the countdown ends tomorrow",
      overdueAccount({ deletableFrom: "2026-11-23" }),
      "CountdownRunningError",
      "2026-11-23",
    ],
    [
      "the countdown ends next year: days are compared whole",
      overdueAccount({ deletableFrom: "2027-01-01" }),
      "CountdownRunningError",
      "2027-01-01",
    ],
    [
      "no countdown has begun: nobody was told",
      sampleAccount({ balance: ZERO }),
      "CountdownRunningError",
      "not begun",
    ],
    ["it is parked", overdueAccount({ parkedOn: "2026-11-15" }), "AccountParkedError", "2026-11-15"],
    [
      "it is parked and paid: who parked it is told first",
      sampleAccount({ parkedOn: "2026-11-15" }),
      "AccountParkedError",
      "2026-11-15",
    ],
  ];
  test.each(rows)("%s: refused by name, and nothing is changed", async (_why, account, name, says) => {
    await bank.put(account);
    await expect(remove()).rejects.toMatchObject({ name, message: expect.stringContaining(says) });
    expect(await bank.account("customer-1")).toEqual(account);
  });

  test("there is no such account: none comes to be", async () => {
    await expect(remove(undefined, "stranger")).rejects.toMatchObject({ name: "UnknownAccountError" });
    expect(await bank.account("stranger")).toBeUndefined();
  });

  test("the day is that of UTC, whatever the zone in which it is written", async () => {
    await bank.put(overdueAccount());
    await expect(remove("2026-11-22T00:30:00+01:00")).rejects.toMatchObject({
      name: "CountdownRunningError",
    });
    expect(await remove("2026-11-22T00:30:00Z")).toEqual({ account: "customer-1", deletedOn: "2026-11-22" });
  });

  test("a time that lies ahead would cut the countdown short", async () => {
    await bank.put(overdueAccount({ deletableFrom: "2027-11-29" }));
    await expect(remove("2027-11-29T00:00:00Z")).rejects.toMatchObject({ name: "InvalidInputError" });
    expect((await bank.account("customer-1"))?.deletedOn).toBeUndefined();
  });

  const races: [why: string, meanwhile: () => Promise<unknown>, name: string][] = [
    ["a payment", () => bank.pay("customer-1", 5n * 10n ** 18n), "StillPaidError"],
    [
      "an operator who parks it",
      () => bank.call("park-account", { account: "customer-1", parked: true, day: "2026-11-22" }),
      "AccountParkedError",
    ],
  ];
  test.each(races)("%s between the switch and the update wins", async (_why, meanwhile, name) => {
    await bank.put(overdueAccount());
    const { door } = bank.theatre.power;
    door.onCall = async ({ caller, operation }, phase) => {
      if (caller !== CALLER || operation !== "UpdateItem" || phase !== "before") return;
      door.onCall = async () => undefined;
      await meanwhile();
    };
    await expect(remove()).rejects.toMatchObject({ name });
    expect((await bank.account("customer-1"))?.deletedOn).toBeUndefined();
    expect(await bank.deletedBy("customer-1")).toBeUndefined();
  });

  test("a payment that comes after finds the account deleted", async () => {
    await bank.put(overdueAccount());
    await remove();
    await bank.pay("customer-1", 5n * 10n ** 18n);
    expect(await bank.call("authorize-account", { account: "customer-1" })).toMatchObject({
      status: "deleted",
      allowed: [],
    });
  });

  test.each([
    ["nobody", ""],
    ["a blank", " "],
    ["two lines", "colin\nthomas"],
  ])("it is approved by %s", async (_why, approvedBy) => {
    const event = { account: "customer-1", approvedBy, time: "2026-11-22T04:00:00Z" };
    await expect(bank.call("delete-account", event)).rejects.toMatchObject({ name: "InvalidInputError" });
  });
});
