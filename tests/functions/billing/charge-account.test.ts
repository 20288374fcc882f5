import { beforeEach, describe, expect, it } from "@jest/globals";
import { type Account, attodollars, type Day } from "#ledger";
import { chargeAccount } from "../../../functions/billing/charge-account.ts";
import type { ChargeRequest } from "../../../functions/billing/ports.ts";
import { FakeLedger, newAccount } from "./fakes/fake-ledger.ts";

const DAY: Day = "2026-11-22";
const TODAY: Day = "2026-11-23";

let ledger: FakeLedger;
beforeEach(() => {
  ledger = new FakeLedger();
});

describe("a day's charge", () => {
  it("takes the balance down, keeps the day, and adds up what was used", async () => {
    open({ balance: attodollars(1000n), opening: attodollars(1000n) });
    expect(await charge(DAY, 10n)).toMatchObject({
      kind: "charged",
      account: { balance: 990n, charges: { "22": 10n }, lastCharge: 10n, used: { storedBytes: 5n } },
    });
  });

  it("is made once, however often it is asked for", async () => {
    open({});
    for (const _ of [1, 2, 3]) expect(await charge(DAY, 10n)).toMatchObject({ kind: "charged" });
    expect(ledger.accounts.get("a1")?.balance).toBe(-10n);
  });

  it("knows the charge of the day before, across a month's end as well, the second time too", async () => {
    open({});
    await charge("2026-11-30", 10n);
    for (const _ of [1, 2]) expect(await charge("2026-12-01", 12n)).toMatchObject({ before: 10n });
    expect(await charge("2026-12-02", 13n)).toMatchObject({ before: 12n });
  });

  it("closes the month before, and tells its statement each time", async () => {
    open({ balance: attodollars(100n), opening: attodollars(100n) });
    await charge("2026-11-30", 10n);
    for (const _ of [1, 2]) {
      expect(await charge("2026-12-01", 12n)).toMatchObject({
        account: { month: "2026-12", opening: 90n, balance: 78n, charges: { "01": 12n } },
        closed: { month: "2026-11", opening: 100n, closing: 90n, charges: { "30": 10n } },
      });
    }
    expect(await charge("2026-12-02", 1n)).toMatchObject({ closed: undefined });
  });

  it.each<{ why: string; by: Partial<Account>; outcome: object }>([
    { why: "parked", by: { parkedOn: "2026-11-01" }, outcome: { kind: "refused", why: "parked" } },
    { why: "deleted", by: { deletedOn: "2026-11-01" }, outcome: { kind: "refused", why: "deleted" } },
    {
      why: "parked since last month",
      by: { month: "2026-10", parkedOn: "2026-10-01" },
      outcome: { why: "parked" },
    },
    { why: "its month is closed", by: { month: "2026-12" }, outcome: { why: "its 2026-11 is closed" } },
    {
      why: "the day was charged another amount",
      by: { charges: { "22": attodollars(11n) }, balance: attodollars(-11n) },
      outcome: { kind: "refused", why: "is charged another amount" },
    },
    {
      why: "another part of the day's usage names it, too",
      by: { charges: { "22": attodollars(10n) }, balance: attodollars(-10n), lastPart: 3n },
      outcome: { kind: "refused", why: "is charged by part 3" },
    },
    {
      why: "its books are not in order",
      by: { charges: { "22": attodollars(10n) }, balance: attodollars(-11n), lastPart: 0n },
      outcome: { kind: "refused", why: "does not add up: should be -10" },
    },
  ])("is refused: $why", async ({ by, outcome }) => {
    open(by);
    expect(await charge(DAY, 10n)).toMatchObject(outcome);
    expect(ledger.accounts.get("a1")?.balance).toBe(by.balance ?? 0n);
  });

  it("of nobody is refused, and makes no account", async () => {
    expect(await charge(DAY, 10n)).toEqual({ kind: "refused", why: "unknown" });
    expect(ledger.accounts.size).toBe(0);
  });

  it.each([
    { last: 10n, least: 11n, kind: "withheld", why: "too many times the last one" },
    { last: 10n, least: 10n, kind: "charged", why: "just as many as is allowed" },
    { last: undefined, least: 11n, kind: "charged", why: "the first one has nothing to be compared with" },
  ])("$kind: $why", async ({ last, least, kind }) => {
    open(last === undefined ? {} : { lastCharge: attodollars(last) });
    expect(await charge(DAY, 1000n, least)).toMatchObject({ kind });
    expect(ledger.accounts.get("a1")?.balance).toBe(kind === "charged" ? -1000n : 0n);
  });

  it("that opens a month is withheld for the same reason, and the month stays open", async () => {
    open({ month: "2026-10", lastCharge: attodollars(10n) });
    expect(await charge(DAY, 1000n, 11n)).toMatchObject({ kind: "withheld" });
    expect(ledger.accounts.get("a1")?.month).toBe("2026-10");
  });
});

describe("marks", () => {
  it.each([
    { balance: 80n, marks: {}, why: "seven days and more are left" },
    { balance: 79n, marks: { lowOn: DAY }, why: "less than seven days are left" },
    {
      balance: 10n,
      marks: { lowOn: DAY, suspendedOn: DAY, deletableFrom: "2026-11-30" },
      why: "nothing is left",
    },
    {
      balance: 5n,
      marks: { lowOn: DAY, suspendedOn: DAY, deletableFrom: "2026-11-30" },
      why: "it is negative",
    },
  ])("from $balance: $why", async ({ balance, marks }) => {
    open({ balance: attodollars(balance), opening: attodollars(balance) });
    const outcome = await charge(DAY, 10n);
    const { lowOn, suspendedOn, deletableFrom } = outcome.kind === "charged" ? outcome.account : {};
    const { lowOn: low, suspendedOn: suspended, deletableFrom: deletable } = { ...NONE, ...marks };
    expect([lowOn, suspendedOn, deletableFrom]).toEqual([low, suspended, deletable]);
  });

  it("are set once per crossing: a later day leaves them as they are", async () => {
    open({ balance: attodollars(5n), opening: attodollars(5n) });
    await charge(DAY, 10n);
    const later = await charge("2026-11-23", 10n);
    expect(later).toMatchObject({ account: { suspendedOn: DAY, deletableFrom: "2026-11-30" } });
  });

  it("are not set when a payment comes between the charge and the mark", async () => {
    open({ balance: attodollars(5n), opening: attodollars(5n) });
    let calls = 0;
    ledger.around = async (phase) => {
      calls += phase === "before" ? 1 : 0;
      const account = ledger.accounts.get("a1");
      if (phase !== "before" || calls !== 2 || account === undefined) return;
      const paid = { kind: "payment", amount: attodollars(1000n), on: DAY } as const;
      ledger.accounts.set("a1", {
        ...account,
        revision: account.revision + 1n,
        balance: attodollars(account.balance + 1000n),
        entries: { p: paid },
      });
    };
    expect(await charge(DAY, 10n)).toMatchObject({ account: { balance: 995n } });
    expect(ledger.accounts.get("a1")).not.toHaveProperty("suspendedOn");
  });
});

describe("an account that is parked between its charge and the repetition of a run that died", () => {
  it("keeps its charge, and is neither suspended nor counted down", async () => {
    const parkedOn = TODAY;
    open({ balance: attodollars(-5n), charges: { "22": attodollars(5n) }, lastPart: 0n, parkedOn });
    const outcome = await charge(DAY, 5n);
    expect(outcome).toMatchObject({ kind: "charged", account: { parkedOn } });
    expect(ledger.accounts.get("a1")).not.toHaveProperty("suspendedOn");
    expect(ledger.accounts.get("a1")).not.toHaveProperty("deletableFrom");
  });

  it("is suspended by its first charge once it is back in service", async () => {
    open({ balance: attodollars(-5n), charges: { "22": attodollars(5n) }, lastPart: 0n });
    expect(await charge("2026-11-23", 5n)).toMatchObject({ account: { suspendedOn: "2026-11-23" } });
  });
});

const NONE = { lowOn: undefined, suspendedOn: undefined, deletableFrom: undefined };

function open(by: Partial<Account>): void {
  ledger.accounts.set("a1", { ...newAccount("a1", "2026-11"), ...by });
}

function charge(day: Day, amount: bigint, least?: bigint) {
  const total = attodollars(amount);
  const request: ChargeRequest = {
    day,
    part: 0n,
    usage: { storedBytes: 5n, bytesIn: 0n, bytesOut: 0n },
    charge: { storage: total, bandwidth: attodollars(0n), total },
    ...(least === undefined ? {} : { leastLastCharge: attodollars(least) }),
  };
  return chargeAccount(ledger, "a1", request, TODAY);
}
