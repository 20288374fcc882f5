import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type Attodollars,
  addDays,
  attodollars,
  chargeFor,
  type Day,
  discrepancyOf,
  monthOf,
  ratesOn,
  type Tariff,
  type Usage,
} from "#ledger";
import { chargeAccount } from "../../../functions/billing/charge-account.ts";
import { postEntry } from "../../../functions/billing/post-entry.ts";
import { FakeLedger, newAccount } from "./fakes/fake-ledger.ts";

/*
 * Any interleaving of charges, payments, reversals, crashes, reruns, catch-ups and duplicates over several accounts
 * ends in the balances that a plain sum gives. The sum is the model: it knows neither items nor months.
 */

const ACCOUNTS = ["a1", "a2", "a3"];
/** From the end of a long month over a leap February into March, with a tariff that changes in the middle of one. */
const FIRST: Day = "2028-01-30";
const TARIFFS: Tariff[] = [
  { from: "2020-01-01", storagePicodollarsPerByteMonth: 300n, bandwidthPicodollarsPerByte: 300n },
  { from: "2028-02-14", storagePicodollarsPerByteMonth: 250n, bandwidthPicodollarsPerByte: 250n },
];

const bytes = fc.bigInt({ min: 0n, max: 10n ** 15n });
const usage: fc.Arbitrary<Usage> = fc.record({ storedBytes: bytes, bytesIn: bytes, bytesOut: bytes });
/** Beyond 2^63 attodollars, which are $9.22, and back. */
const amount = fc.bigInt({ min: 1n, max: 10n ** 26n });

type Deed =
  | { readonly do: "pay"; readonly account: string; readonly id: number; readonly amount: bigint }
  | { readonly do: "reverse"; readonly account: string; readonly id: number }
  | { readonly do: "reverse charge"; readonly account: string; readonly daysAgo: number };

/** Payments come from a small stock of ids, so that many are duplicates; an id always says the same. */
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constant("pay" as const),
    account: fc.constantFrom(...ACCOUNTS),
    id: fc.nat(5),
    amount: fc.constant(0n),
  }),
  fc.record({ do: fc.constant("reverse" as const), account: fc.constantFrom(...ACCOUNTS), id: fc.nat(5) }),
  fc.record({
    do: fc.constant("reverse charge" as const),
    account: fc.constantFrom(...ACCOUNTS),
    daysAgo: fc.integer({ min: 1, max: 35 }),
  }),
);

/** One night and what happens beside it. `crashes`: at which call of the ledger, and whether it had taken effect. */
const night = fc.record({
  usage: fc.array(usage, { minLength: ACCOUNTS.length, maxLength: ACCOUNTS.length }),
  runs: fc.integer({ min: 1, max: 2 }),
  deeds: fc.array(deed, { maxLength: 4 }),
  crash: fc.option(fc.record({ call: fc.nat(12), phase: fc.constantFrom("before", "after") })),
});

class PowerFailure extends Error {}

describe("the ledger", () => {
  it("conserves money under any interleaving", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(night, { minLength: 1, maxLength: 40 }),
        fc.array(amount, { minLength: 6, maxLength: 6 }),
        fc.scheduler(),
        async (nights, stock, scheduler) => {
          const world = new World(stock);
          for (const [index, one] of nights.entries())
            await world.live(addDays(FIRST, index), one, scheduler);
          world.check();
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);

  it("has been through what it is about", async () => {
    const world = new World([10n ** 26n, 1n, 1n, 1n, 1n, 1n]);
    const used = { storedBytes: 10n ** 15n, bytesIn: 0n, bytesOut: 0n };
    const scheduler = fc.sample(fc.scheduler(), 1)[0];
    if (scheduler === undefined) throw new Error("no scheduler");
    for (let index = 0; index < 40; index += 1) {
      const deeds: Deed[] = index === 20 ? [{ do: "pay", account: "a1", id: 0, amount: 0n }] : [];
      const night = { usage: [used, used, used], runs: 2, deeds, crash: { call: 5, phase: "after" } };
      await world.live(addDays(FIRST, index), night, scheduler);
    }
    world.check();
    const account = world.ledger.accounts.get("a1");
    expect(account?.month).toBe("2028-03");
    expect(account?.balance).toBeGreaterThan(2n ** 63n);
    expect(world.ledger.kept.size).toBe(2 * ACCOUNTS.length);
  });

  it("the model can tell: a charge that is forgotten is found", () => {
    const world = new World([1n, 1n, 1n, 1n, 1n, 1n]);
    world.model.set("a1", 5n);
    expect(() => world.check()).toThrow();
  });
});

interface Night {
  readonly usage: readonly Usage[];
  readonly runs: number;
  readonly deeds: readonly Deed[];
  readonly crash: { readonly call: number; readonly phase: string } | null;
}

class World {
  readonly ledger = new FakeLedger();
  readonly model = new Map<string, bigint>(ACCOUNTS.map((account) => [account, 0n]));
  readonly #booked = new Map<string, bigint>();
  readonly #stock: readonly bigint[];

  constructor(stock: readonly bigint[]) {
    this.#stock = stock;
    for (const account of ACCOUNTS) this.ledger.accounts.set(account, newAccount(account, monthOf(FIRST)));
  }

  /**
   * A night: everything at once, then everything again without the crash, as its rerun would; twice, so that what
   * reverses a payment which came after it finds that payment.
   */
  async live(day: Day, night: Night, scheduler: fc.Scheduler): Promise<void> {
    const charges = ACCOUNTS.flatMap((account, index) =>
      Array.from({ length: night.runs }, () => () => this.#bill(day, account, night.usage[index])),
    );
    const deeds = night.deeds.map((one) => () => this.#perform(day, one));
    let calls = 0;
    this.ledger.around = async (phase) => {
      if (phase === "before") await scheduler.schedule(Promise.resolve());
      if (phase === "before") calls += 1;
      if (night.crash !== null && calls >= night.crash.call && phase === night.crash.phase)
        throw new PowerFailure();
    };
    const work = Promise.allSettled([...charges, ...deeds].map((one) => one()));
    await scheduler.waitFor(work);
    this.ledger.around = async () => undefined;
    for (const one of [...charges, ...deeds, ...deeds]) await one();
    this.#record(day, night);
  }

  check(): void {
    for (const [name, account] of this.ledger.accounts) {
      expect([name, account.balance]).toEqual([name, this.model.get(name)]);
      expect(discrepancyOf(account)).toBeUndefined();
      let carried = 0n;
      const months = [...this.ledger.kept.values()].filter((one) => one.account === name);
      for (const one of months.sort((a, b) => (a.month < b.month ? -1 : 1))) {
        expect([one.month, one.opening]).toEqual([one.month, carried]);
        carried = one.closing;
      }
      expect(account.opening).toBe(carried);
    }
  }

  async #bill(day: Day, account: string, used: Usage | undefined): Promise<void> {
    if (used === undefined) return;
    const charge = chargeFor(used, ratesOn(day, TARIFFS));
    await chargeAccount(this.ledger, account, { day, part: 0n, usage: used, charge }, addDays(day, 1));
  }

  async #perform(day: Day, one: Deed): Promise<void> {
    await postEntry(this.ledger, one.account, this.#posting(day, one)).catch((error: Error) => {
      // Where there is nothing to reverse, or a charge of nothing, the reversal is refused and books nothing.
      if (!["NothingToReverseError", "EntryRefusedError"].includes(error.name)) throw error;
    });
  }

  #posting(day: Day, one: Deed) {
    if (one.do === "pay") {
      const payment = { kind: "payment" as const, amount: this.#amount(one.id) };
      return { id: `p${one.id}`, on: day, reverses: undefined, ...payment };
    }
    const reverses = one.do === "reverse" ? `p${one.id}` : `charge:${addDays(day, -one.daysAgo)}`;
    return { id: `reversal:${reverses}`, kind: "reversal" as const, on: day, reverses };
  }

  #amount(id: number): Attodollars {
    return attodollars(this.#stock[id] ?? 1n);
  }

  /** The plain sum: every charge, every id once, every reversal of something that was booked once. */
  #record(day: Day, night: Night): void {
    for (const [index, account] of ACCOUNTS.entries()) {
      const used = night.usage[index];
      if (used === undefined) continue;
      const { storagePerByteDay, bandwidthPerByte } = ratesOn(day, TARIFFS);
      const total = used.storedBytes * storagePerByteDay + (used.bytesIn + used.bytesOut) * bandwidthPerByte;
      this.#book(account, `charge:${day}`, -total);
    }
    for (const one of night.deeds)
      if (one.do === "pay") this.#book(one.account, `p${one.id}`, this.#amount(one.id));
    for (const one of night.deeds) {
      if (one.do === "pay") continue;
      const { id, reverses } = this.#posting(day, one);
      const original = this.#booked.get(`${one.account} ${reverses}`) ?? 0n;
      if (original !== 0n) this.#book(one.account, id, -original);
    }
  }

  #book(account: string, id: string, amount: bigint): void {
    const key = `${account} ${id}`;
    if (this.#booked.has(key)) return;
    this.#booked.set(key, amount);
    this.model.set(account, (this.model.get(account) ?? 0n) + amount);
  }
}
