import type { Billing } from "#fleet";
import {
  type Account,
  addDays,
  attodollars,
  chargeFor,
  type Day,
  monthOf,
  times,
  type Usage,
  ZERO,
} from "#ledger";
import { ratesFor } from "../../functions/billing/terms.ts";
import type { UsageLine } from "../../functions/billing/usage/usage-line.ts";

/** Customers of the sample service; ten are enough for one of each fate. */
export const CUSTOMERS = 40;
const GB = 10n ** 9n;

/**
 * A customer of the sample service: what is stored, and in which state the account enters the night. Most have money
 * for months; a few are there for what happens to them.
 */
export interface Customer {
  readonly name: string;
  /** Absent: the service reports usage of an account that nobody opened. */
  readonly account: Account | undefined;
  readonly usage: UsageLine;
}

/** What becomes of some of them. Balances are in days of storage. */
const FATES: Readonly<
  Record<number, { readonly days?: bigint; readonly marks?: (today: Day) => Partial<Account> }>
> = {
  1: { days: 6n }, // low from tonight
  3: { days: 0n }, // has a little left this evening, and is suspended in the morning
  4: { days: -4n, marks: (today) => countdown(today, 3) }, // is warned that three days are left
  5: { days: -7n, marks: (today) => countdown(today, 0) }, // may be deleted, if the operator says so
  6: { marks: (today) => ({ parkedOn: addDays(today, -9) }) },
};
const NOBODY = 0;
const SUDDEN = 2;

/** The customers, as they stand in the evening of a day. The same every time. */
export function nightCustomers(terms: Billing, day: Day, today: Day, count: number = CUSTOMERS): Customer[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `c${String(index + 1).padStart(3, "0")}`;
    const usage = usageOf(index, index === SUDDEN ? 3n : 1n);
    const account = index === NOBODY ? undefined : accountOf(name, index, terms, day, today);
    return { name, account, usage: { account: name, ...usage } };
  });
}

/** From two gigabytes to a terabyte and a half, and a little traffic. */
function usageOf(index: number, factor: bigint): Usage {
  const number = BigInt(index);
  const storedBytes = (2n + ((number * number * 37n) % 1500n)) * GB * factor + number * 1_234_567n;
  return { storedBytes, bytesIn: storedBytes / 97n, bytesOut: storedBytes / 1009n };
}

function accountOf(name: string, index: number, terms: Billing, day: Day, today: Day): Account {
  const yesterday = addDays(day, -1);
  const usage = usageOf(index, 1n);
  const charge = chargeFor(usage, ratesFor(terms, yesterday));
  const { days = 40n + BigInt(index), marks } = FATES[index] ?? {};
  const balance = attodollars(times(charge.storage, days) + 1n);
  return {
    account: name,
    mail: `${name}@${terms.domain}`,
    revision: 100n + BigInt(index),
    month: monthOf(yesterday),
    opening: ZERO,
    balance,
    charges: { [yesterday.slice(8)]: charge.total },
    entries: {
      "first-payment": { kind: "payment", amount: attodollars(balance + charge.total), on: yesterday },
    },
    used: usage,
    storageCharged: charge.storage,
    lastCharge: charge.total,
    storagePerDay: charge.storage,
    ...marks?.(today),
  };
}

function countdown(today: Day, days: number): Partial<Account> {
  const deletableFrom = addDays(today, days);
  const suspendedOn = addDays(deletableFrom, -8);
  return { lowOn: suspendedOn, suspendedOn, deletableFrom };
}

/** What all of them paid the evening before. */
export function chargedBefore(customers: readonly Customer[]) {
  const accounts = customers.flatMap(({ account }) => account ?? []);
  return {
    accounts: accounts.length,
    storage: attodollars(accounts.reduce((total, one) => total + (one.storagePerDay ?? ZERO), 0n)),
    total: attodollars(accounts.reduce((total, one) => total + (one.lastCharge ?? ZERO), 0n)),
  };
}
