import type { Day, Month } from "./calendar.ts";
import { type Attodollars, negate, sum } from "./money.ts";
import type { Usage } from "./tariff.ts";

/** What an entry is about. Charges are not among them: they are kept by day. */
export const ENTRY_KINDS = ["payment", "refund", "credit", "reversal", "adjustment"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** A change of a balance. Never changed or removed; corrected by another one. */
export interface Entry {
  readonly kind: EntryKind;
  /** Positive in the customer's favour. Never zero. */
  readonly amount: Attodollars;
  /** When it happened, which may be before the month in which it was booked. */
  readonly on: Day;
  /** The id of the entry, or "charge:DAY", that this one reverses. */
  readonly reverses?: string;
}

/**
 * An account and the open month of its ledger: one item. A charge is there once per day and an entry once per id, and
 * the update that adds one moves the balance. So `opening + entries - charges = balance` at all times.
 */
export interface Account {
  readonly account: string;
  /** Where its mail goes. */
  readonly mail: string;
  /** Counts the changes, so that whoever has read the account changes what was read, or nothing. */
  readonly revision: bigint;
  readonly month: Month;
  /** Balance at the month's beginning. */
  readonly opening: Attodollars;
  readonly balance: Attodollars;
  /** Charges of the open month by day of the month, "01" to "31". Positive. */
  readonly charges: Readonly<Record<string, Attodollars>>;
  readonly entries: Readonly<Record<string, Entry>>;
  /** Sums over the open month: byte-days stored, bytes in and out, and the part of the charges that is storage. */
  readonly used: Usage;
  readonly storageCharged: Attodollars;
  /**
   * The last charge, the part of the day's usage that it came by, and the storage in it: a day's storage at the present
   * rate. Absent before the first.
   */
  readonly lastCharge?: Attodollars;
  readonly lastPart?: bigint;
  readonly storagePerDay?: Attodollars;
  /** The first charge of this month closed the one before: which, and the day of that charge. */
  readonly closedMonth?: Month;
  readonly closedOn?: Day;
  /** The billed day on which the balance fell below seven days of storage. A payment takes it off. */
  readonly lowOn?: Day;
  /** The billed day on which the balance was no longer positive, and the first day on which data may be deleted. */
  readonly suspendedOn?: Day;
  readonly deletableFrom?: Day;
  /** Set by an operator: neither charged nor suspended nor deleted until it is taken off. */
  readonly parkedOn?: Day;
  readonly deletedOn?: Day;
}

/** A closed month of an account. Immutable. */
export interface Statement {
  readonly account: string;
  readonly month: Month;
  /** The account's revision when it was cut: the one with the highest is the last word, and nobody can add to it. */
  readonly revision: bigint;
  readonly opening: Attodollars;
  readonly closing: Attodollars;
  readonly charges: Account["charges"];
  readonly entries: Account["entries"];
  readonly used: Usage;
  readonly storageCharged: Attodollars;
}

/** Everything that moved the balance of an open month or of a statement. */
export function movementOf({ charges, entries }: Pick<Statement, "charges" | "entries">): Attodollars {
  const charged = sum(Object.values(charges));
  return sum([negate(charged), ...Object.values(entries).map(({ amount }) => amount)]);
}

/** What the balance is by its entries, if it is something else: then money was made or lost. */
export function discrepancyOf(account: Account): { readonly should: Attodollars } | undefined {
  const should = sum([account.opening, movementOf(account)]);
  return should === account.balance ? undefined : { should };
}

/** The statement of an account's open month, as it would be if it were closed now. */
export function statementOf(account: Account): Statement {
  const { account: id, month, revision, opening, balance, charges, entries, used, storageCharged } = account;
  return { account: id, month, revision, opening, closing: balance, charges, entries, used, storageCharged };
}

export type Status = "active" | "low" | "suspended" | "parked" | "deleted";

/** The state of an account. A balance of nothing is not positive. */
export function statusOf(account: Pick<Account, "balance" | "lowOn" | "parkedOn" | "deletedOn">): Status {
  if (account.deletedOn !== undefined) return "deleted";
  if (account.parkedOn !== undefined) return "parked";
  if (account.balance <= 0n) return "suspended";
  return account.lowOn === undefined ? "active" : "low";
}
