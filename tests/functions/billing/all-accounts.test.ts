import { beforeEach, describe, expect, it } from "@jest/globals";
import { type Account, attodollars, type Statement, statementOf, ZERO } from "#ledger";
import { auditAccounts } from "../../../functions/billing/audit-accounts.ts";
import { creditAccounts, type Incident } from "../../../functions/billing/credit-accounts.ts";
import { AccountBrokenError, AccountBusyError } from "../../../functions/billing/failures.ts";
import type { AccountRegister } from "../../../functions/billing/ports.ts";
import { FakeLedger, newAccount } from "./fakes/fake-ledger.ts";
import { FakePace } from "./fakes/fake-night.ts";

const ALL = { segment: 0, segments: 1 };
const BROKEN = "account a9 is broken: item without the map days";

let ledger: FakeLedger;
beforeEach(() => {
  ledger = new FakeLedger();
  for (const name of ["a1", "a2", "a3", "a4", "a5"]) ledger.accounts.set(name, newAccount(name, "2026-11"));
});

/** Two accounts a page; the first page has one that cannot be read, besides. */
function register(broken: readonly string[]): AccountRegister {
  return {
    page: async (_segment, _segments, cursor) => {
      const all = [...ledger.accounts.values()];
      const first = cursor === undefined ? 0 : all.findIndex(({ account }) => account === cursor) + 1;
      const accounts = all.slice(first, first + 2);
      const last = first + 2 >= all.length ? undefined : accounts.at(-1)?.account;
      return { accounts, broken: cursor === undefined ? broken : [], cursor: last };
    },
  };
}

describe("an audit", () => {
  const BEGUN = { done: false, cursor: undefined, accounts: 0, balance: ZERO, wrong: [] };
  const audit = (broken: readonly string[] = [], sofar = BEGUN, pace = new FakePace()) =>
    auditAccounts(ALL, sofar, { register: register(broken), ledger, pace });
  const change = (by: Partial<Account>) =>
    void ledger.accounts.set("a3", { ...newAccount("a3", "2026-11"), ...by });
  const CLOSED = { closedMonth: "2026-10", closedOn: "2026-11-01" } as const;
  const keep = (by: Partial<Statement>) =>
    ledger.cutStatement({ ...statementOf(newAccount("a3", "2026-10")), ...by });

  it("of books that are in order finds nothing, and adds the balances up", async () => {
    await keep({
      closing: attodollars(7n),
      entries: { p: { kind: "payment", amount: attodollars(7n), on: "2026-10-05" } },
    });
    change({
      ...CLOSED,
      opening: attodollars(7n),
      charges: { "01": attodollars(3n) },
      balance: attodollars(4n),
    });
    expect(await audit()).toMatchObject({ done: true, accounts: 5, balance: 4n, wrong: [] });
  });

  it.each<{ what: string; by: Partial<Account>; closed: Partial<Statement>; wrong: string }>([
    {
      what: "an attodollar too much",
      by: { balance: attodollars(1n) },
      closed: {},
      wrong: "a3: has 1, its entries make 0",
    },
    {
      what: "a charge that the balance does not know",
      by: { charges: { "01": attodollars(3n) } },
      closed: {},
      wrong: "a3: has 0, its entries make -3",
    },
    {
      what: "a month that began with what nobody paid",
      by: { opening: attodollars(5n), balance: attodollars(5n) },
      closed: {},
      wrong: "a3: 2026-11 began with 5 after 0",
    },
    {
      what: "a closed month that does not add up",
      by: { opening: attodollars(2n), balance: attodollars(2n) },
      closed: { closing: attodollars(2n) },
      wrong: "a3: 2026-10 ended with 2, not 0",
    },
  ])("finds $what", async ({ by, closed, wrong }) => {
    await keep(closed);
    change({ ...CLOSED, ...by });
    expect((await audit()).wrong).toEqual([wrong]);
  });

  it("finds a closed month that is gone, though it moved nothing on the whole", async () => {
    change(CLOSED);
    expect((await audit()).wrong).toEqual(["a3: closed 2026-10 last, its statements end with none"]);
  });

  it("names what cannot be read, and looks at all others: an account, and the closed months of one", async () => {
    const statements = ledger.statements.bind(ledger);
    ledger.statements = (name) =>
      name === "a1"
        ? Promise.reject(new AccountBrokenError("account a1 is broken: no month"))
        : statements(name);
    change({ balance: attodollars(1n) });
    expect(await audit([BROKEN])).toMatchObject({
      done: true,
      accounts: 6,
      wrong: [BROKEN, "account a1 is broken: no month", "a3: has 1, its entries make 0"],
    });
  });

  it("goes on where the last call left off, and forgets nothing that was found", async () => {
    change({ balance: attodollars(1n) });
    let end = await audit([BROKEN], BEGUN, new FakePace(60_000));
    expect(end).toMatchObject({ done: false, accounts: 3 });
    for (let calls = 0; !end.done && calls < 9; calls += 1)
      end = await audit([], { ...BEGUN, ...end } as typeof BEGUN);
    expect(end).toMatchObject({ accounts: 6, wrong: [BROKEN, "a3: has 1, its entries make 0"] });
  });
});

describe("a credit for everybody", () => {
  const BEGUN = { done: false, cursor: undefined, credited: 0, already: 0, passed: 0, refused: [] };
  const INCIDENT: Incident = { incident: "outage", on: "2026-11-20", amount: attodollars(5n) };
  const credit = (incident = INCIDENT) =>
    creditAccounts(incident, ALL, BEGUN, { register: register([BROKEN]), ledger, pace: new FakePace() });
  const balances = () => [...ledger.accounts.values()].map(({ balance }) => balance);

  it("is booked once each, however often it is run; what cannot be read is named and keeps nobody waiting", async () => {
    expect(await credit()).toMatchObject({ done: true, credited: 5, already: 0, refused: [BROKEN] });
    expect(await credit()).toMatchObject({ credited: 0, already: 5 });
    expect(balances()).toEqual([5n, 5n, 5n, 5n, 5n]);
  });

  it("names an account that has another entry of that id, and credits those after it", async () => {
    const other = { kind: "payment", amount: attodollars(1n), on: "2026-11-01" } as const;
    ledger.accounts.set("a1", { ...newAccount("a1", "2026-11"), entries: { "incident:outage": other } });
    expect(await credit()).toMatchObject({
      credited: 4,
      refused: [BROKEN, "a1 has an entry incident:outage already: payment of 1"],
    });
  });

  it("of days of storage is at each account's own rate, and passes over those that have none, or are deleted", async () => {
    ledger.accounts.set("a2", { ...newAccount("a2", "2026-11"), storagePerDay: attodollars(3n) });
    ledger.accounts.set("a4", {
      ...newAccount("a4", "2026-11"),
      storagePerDay: attodollars(3n),
      deletedOn: "2026-11-02",
    });
    const days: Incident = { incident: "outage", on: "2026-11-20", storageDays: 2 };
    expect(await credit(days)).toMatchObject({ credited: 1, passed: 4 });
    expect(balances()).toEqual([0n, 6n, 0n, 0n, 0n]);
  });

  it("is tried again when what stood in the way will pass", async () => {
    ledger.read = () => Promise.reject(new AccountBusyError("busy"));
    await expect(credit()).rejects.toMatchObject({ name: "AccountBusyError" });
  });
});
