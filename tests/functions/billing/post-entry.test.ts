import { beforeEach, describe, expect, it } from "@jest/globals";
import { type Account, attodollars, type Day, statementOf } from "#ledger";
import { chargeAccount } from "../../../functions/billing/charge-account.ts";
import { type Posting, postEntry } from "../../../functions/billing/post-entry.ts";
import { FakeLedger, newAccount } from "./fakes/fake-ledger.ts";

const PAYMENT: Posting = { id: "pi_1", kind: "payment", on: "2026-11-20", amount: attodollars(500n) };
const OUT_OF_SERVICE = { parkedOn: "2026-11-01" as Day };

let ledger: FakeLedger;
beforeEach(() => {
  ledger = new FakeLedger();
  ledger.accounts.set("a1", newAccount("a1", "2026-11", attodollars(100n)));
});

function change(by: Partial<Account>): void {
  ledger.accounts.set("a1", { ...newAccount("a1", "2026-11", attodollars(100n)), ...by });
}

describe("an entry is booked once per id", () => {
  it("moves the balance together with the entry", async () => {
    const { account, already } = await postEntry(ledger, "a1", PAYMENT);
    expect([account.balance, Object.keys(account.entries), already]).toEqual([600n, ["pi_1"], false]);
  });

  it("is the same entry when it comes again, and the second time changes nothing", async () => {
    await postEntry(ledger, "a1", PAYMENT);
    const again = await postEntry(ledger, "a1", { ...PAYMENT, on: "2026-11-21" });
    expect([again.account.balance, again.already, again.entry.on]).toEqual([600n, true, "2026-11-20"]);
  });

  it("is found in a month that was closed since", async () => {
    await postEntry(ledger, "a1", PAYMENT);
    await bill("2026-12-01");
    expect(await postEntry(ledger, "a1", PAYMENT)).toMatchObject({ already: true, entry: { amount: 500n } });
    expect(ledger.accounts.get("a1")?.entries).toEqual({});
  });

  it("is not booked a second time by somebody who looked before the month was closed", async () => {
    // The slow one has read the account and its closed months; then the fast one books, and the month is closed.
    let calls = 0;
    ledger.around = async (phase) => {
      calls += 1;
      if (phase !== "before" || calls !== 5) return; // before the slow one's update
      ledger.around = async () => undefined;
      await postEntry(ledger, "a1", PAYMENT);
      await bill("2026-12-01");
    };
    const slow = await postEntry(ledger, "a1", PAYMENT);
    expect([slow.already, slow.account.balance]).toEqual([true, 590n]);
  });

  it.each([
    { what: "another amount", by: { amount: attodollars(501n) } },
    { what: "another kind", by: { kind: "adjustment" as const } },
  ])("is refused when the id stands for $what", async ({ by }) => {
    await postEntry(ledger, "a1", PAYMENT);
    await expect(postEntry(ledger, "a1", { ...PAYMENT, ...by })).rejects.toMatchObject({
      name: "EntryDiffersError",
    });
  });

  it("a credit may come to another amount when it is repeated: its rate may have moved", async () => {
    const credit: Posting = { id: "incident:x", kind: "credit", on: "2026-11-20", amount: attodollars(7n) };
    await postEntry(ledger, "a1", credit);
    const again = await postEntry(ledger, "a1", { ...credit, amount: attodollars(8n) });
    expect([again.already, again.account.balance]).toEqual([true, 107n]);
  });

  it.each([
    { what: "nobody's account", name: "a2", by: {}, error: "UnknownAccountError" },
    {
      what: "a deleted account",
      name: "a1",
      by: { deletedOn: "2026-11-01" as Day },
      error: "AccountDeletedError",
    },
  ])("is refused on $what", async ({ name, by, error }) => {
    change(by);
    await expect(postEntry(ledger, name, PAYMENT)).rejects.toMatchObject({ name: error });
  });

  it.each([
    { what: "nothing", posting: { ...PAYMENT, amount: attodollars(0n) } },
    { what: "no amount at all", posting: { ...PAYMENT, amount: undefined } },
    { what: "a payment that takes money", posting: { ...PAYMENT, amount: attodollars(-1n) } },
    {
      what: "a credit that takes money",
      posting: { ...PAYMENT, kind: "credit" as const, amount: attodollars(-1n) },
    },
    { what: "a refund that brings money", posting: { ...PAYMENT, kind: "refund" as const } },
    {
      what: "a reversal of nothing, which could be made twice",
      posting: { ...PAYMENT, kind: "reversal" as const },
    },
    {
      what: "a payment that reverses something",
      posting: { ...PAYMENT, amount: undefined, reverses: "charge:2026-11-05" },
    },
  ])("is refused for $what", async ({ posting }) => {
    change({ charges: { "05": attodollars(10n) } });
    await expect(postEntry(ledger, "a1", posting)).rejects.toMatchObject({ name: "EntryRefusedError" });
  });

  it("is booked on a parked account: money is never turned away", async () => {
    change(OUT_OF_SERVICE);
    expect((await postEntry(ledger, "a1", PAYMENT)).account.balance).toBe(600n);
  });
});

describe("what money takes off", () => {
  const SUSPENDED = { lowOn: "2026-11-10", suspendedOn: "2026-11-12", deletableFrom: "2026-11-20" } as const;

  it.each([
    { amount: 99n, left: ["suspendedOn", "deletableFrom"], why: "still not positive: the countdown goes on" },
    { amount: 100n, left: ["suspendedOn", "deletableFrom"], why: "nothing is not positive" },
    { amount: 101n, left: [], why: "positive: the countdown ends" },
  ])("$amount: $why", async ({ amount, left }) => {
    change({ ...SUSPENDED, balance: attodollars(-100n), opening: attodollars(-100n) });
    const { account } = await postEntry(ledger, "a1", { ...PAYMENT, amount: attodollars(amount) });
    expect(Object.keys(account).filter((key) => key in SUSPENDED)).toEqual(left);
  });

  it("money that goes takes nothing off", async () => {
    change({ lowOn: "2026-11-10" });
    const refund: Posting = { id: "re_1", kind: "refund", on: "2026-11-20", amount: attodollars(-50n) };
    expect((await postEntry(ledger, "a1", refund)).account).toMatchObject({
      balance: 50n,
      lowOn: "2026-11-10",
    });
  });
});

describe("a reversal names what it reverses, and is exact", () => {
  it.each([
    { reverses: "pi_1", balance: 100n - 10n, why: "a payment goes back" },
    { reverses: "charge:2026-11-22", balance: 600n, why: "a charge comes back" },
  ])("$reverses: $why", async ({ reverses, balance }) => {
    await postEntry(ledger, "a1", PAYMENT);
    await bill("2026-11-22");
    const { account } = await postEntry(ledger, "a1", reversal(reverses));
    expect(account.balance).toBe(balance);
    expect(await postEntry(ledger, "a1", reversal(reverses))).toMatchObject({ already: true });
  });

  it("finds a charge in a closed month", async () => {
    await bill("2026-11-30");
    await bill("2026-12-01");
    const { account } = await postEntry(ledger, "a1", reversal("charge:2026-11-30"));
    expect([account.month, account.balance]).toEqual(["2026-12", 90n]);
  });

  it.each(["pi_2", "charge:2026-11-21", "charge:2026-12-22"])(
    "there is nothing like %s",
    async (reverses) => {
      await bill("2026-11-22");
      await expect(postEntry(ledger, "a1", reversal(reverses))).rejects.toMatchObject({
        name: "NothingToReverseError",
      });
    },
  );

  it.each([
    { reverses: "pi_1", later: "2026-11-24", why: "in the open month" },
    { reverses: "charge:2026-11-22", later: "2026-12-01", why: "in a month that was closed since" },
  ] as const)(
    "$reverses comes back once, whatever ids its reversals have: $why",
    async ({ reverses, later }) => {
      await postEntry(ledger, "a1", PAYMENT);
      await bill("2026-11-22");
      await postEntry(ledger, "a1", reversal(reverses));
      await bill(later);
      const before = ledger.accounts.get("a1")?.balance;
      const other = { ...reversal(reverses), id: "du_1:reinstated" };
      await expect(postEntry(ledger, "a1", other)).rejects.toMatchObject({
        name: "AlreadyReversedError",
        message: `${reverses} was reversed by reversal:${reverses}, so that du_1:reinstated is not booked`,
      });
      expect(ledger.accounts.get("a1")?.balance).toBe(before);
      expect(await postEntry(ledger, "a1", reversal(reverses))).toMatchObject({ already: true });
    },
  );

  it("an amount that is not the original's is refused", async () => {
    await postEntry(ledger, "a1", PAYMENT);
    const wrong = { ...reversal("pi_1"), amount: attodollars(-499n) };
    await expect(postEntry(ledger, "a1", wrong)).rejects.toMatchObject({ name: "EntryRefusedError" });
  });
});

describe("statements", () => {
  it("an older state of a month never replaces a later one", async () => {
    const early = statementOf(newAccount("a1", "2026-11"));
    await ledger.cutStatement({ ...early, revision: 7n });
    await ledger.cutStatement({ ...early, revision: 6n, closing: attodollars(1n) });
    expect((await ledger.statements("a1"))[0]).toMatchObject({ revision: 7n, closing: 0n });
  });
});

function reversal(reverses: string): Posting {
  return { id: `reversal:${reverses}`, kind: "reversal", on: "2026-11-23", reverses };
}

async function bill(day: Day): Promise<void> {
  const total = attodollars(10n);
  const charge = { storage: total, bandwidth: attodollars(0n), total };
  const usage = { storedBytes: 1n, bytesIn: 0n, bytesOut: 0n };
  await chargeAccount(ledger, "a1", { day, part: 0n, usage, charge }, day);
}
