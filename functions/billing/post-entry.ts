import {
  type Account,
  type Attodollars,
  type Day,
  type Entry,
  type EntryKind,
  negate,
  type Statement,
  sum,
} from "#ledger";
import {
  AccountBusyError,
  AccountDeletedError,
  AlreadyReversedError,
  EntryDiffersError,
  EntryRefusedError,
  NothingToReverseError,
  UnknownAccountError,
} from "./failures.ts";
import type { Ledger, Marks } from "./ports.ts";

/** What somebody wants to book. A reversal's amount may be left out: it is that of what it reverses. */
export interface Posting {
  /** The payment's own id, or one that follows from what it is about: "incident:2026-07". */
  readonly id: string;
  readonly kind: EntryKind;
  readonly on: Day;
  readonly amount?: Attodollars | undefined;
  readonly reverses?: string | undefined;
}

/** What stands in the ledger now. `already`: it stood there before. */
export interface Posted {
  readonly account: Account;
  readonly entry: Entry;
  readonly already: boolean;
}

const ATTEMPTS = 8;

/** Which way an entry moves a balance: 1 up, -1 down, 0 either way. */
const SIGNS: Readonly<Record<EntryKind, -1 | 0 | 1>> = {
  payment: 1,
  credit: 1,
  refund: -1,
  reversal: 0,
  adjustment: 0,
};

/**
 * Books an entry once per id, for ever: an id is looked for in every closed month, which nobody can add to, and the
 * update is refused if the open month has it or if the account changed since. Entries are few, so this may read.
 * @throws UnknownAccountError, AccountDeletedError, EntryDiffersError, NothingToReverseError, EntryRefusedError,
 * AlreadyReversedError
 */
export async function postEntry(ledger: Ledger, account: string, posting: Posting): Promise<Posted> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const seen = await ledger.read(account);
    if (seen === undefined) throw new UnknownAccountError(`there is no account ${account}`);
    const closed = await ledger.statements(account);
    const entry = entryOf(posting, seen, closed);
    const standing = findEntry(posting.id, [seen, ...closed]);
    if (standing !== undefined) return alreadyPosted(posting.id, seen, standing, entry);
    requireNotReversed(posting, [seen, ...closed]);
    if (seen.deletedOn !== undefined)
      throw new AccountDeletedError(`account ${account} was deleted on ${seen.deletedOn}`);
    const answer = await ledger.addEntry(seen, posting.id, entry, clearedBy(seen, entry));
    if (answer.applied) return { account: answer.account, entry, already: false };
  }
  throw new AccountBusyError(`account ${account} kept changing while ${posting.id} was being booked`);
}

/** @throws EntryRefusedError, NothingToReverseError */
function entryOf(posting: Posting, seen: Account, closed: readonly Statement[]): Entry {
  const { id, kind, on, reverses } = posting;
  const amount =
    reverses === undefined ? posting.amount : reversedAmount(reverses, [seen, ...closed], posting.amount);
  if (amount === undefined || amount === 0n) throw new EntryRefusedError(`entry ${id} has no amount`);
  if ((kind === "reversal") !== (reverses !== undefined))
    throw new EntryRefusedError(`entry ${id}: a reversal names what it reverses, and nothing else does`);
  if (SIGNS[kind] * (amount > 0n ? 1 : -1) < 0)
    throw new EntryRefusedError(`entry ${id}: a ${kind} cannot be of ${amount}`);
  return { kind, on, amount, ...(reverses === undefined ? {} : { reverses }) };
}

/** A reversal follows what was booked, not what it would come to today. */
function reversedAmount(
  reverses: string,
  months: readonly Pick<Statement, "month" | "charges" | "entries">[],
  stated: Attodollars | undefined,
): Attodollars {
  const day = /^charge:(\d{4}-\d\d)-(\d\d)$/.exec(reverses);
  const charge = months.find(({ month }) => month === day?.[1])?.charges[day?.[2] ?? ""];
  const booked = day === null ? findEntry(reverses, months)?.amount : charge && negate(charge);
  if (booked === undefined) throw new NothingToReverseError(`there is no ${reverses} to reverse`);
  const amount = negate(booked);
  if (stated !== undefined && stated !== amount)
    throw new EntryRefusedError(`${reverses} was booked with ${booked}; its reversal cannot be ${stated}`);
  return amount;
}

/** An operator and Stripe may both reverse an entry, under ids of their own: it is money that comes back once. */
function requireNotReversed({ id, reverses }: Posting, months: readonly Pick<Statement, "entries">[]): void {
  if (reverses === undefined) return;
  const all = months.flatMap(({ entries }) => Object.entries(entries));
  const [other] = all.find(([, entry]) => entry.reverses === reverses) ?? [];
  if (other !== undefined)
    throw new AlreadyReversedError(`${reverses} was reversed by ${other}, so that ${id} is not booked`);
}

function findEntry(id: string, months: readonly Pick<Statement, "entries">[]): Entry | undefined {
  return months.find(({ entries }) => Object.hasOwn(entries, id))?.entries[id];
}

/** The same entry again is a repetition. A credit's amount may follow from a rate that has moved since. */
function alreadyPosted(id: string, account: Account, standing: Entry, wanted: Entry): Posted {
  const isSame =
    standing.kind === wanted.kind &&
    standing.reverses === wanted.reverses &&
    (standing.kind === "credit" || standing.amount === wanted.amount);
  if (!isSame)
    throw new EntryDiffersError(
      `${account.account} has an entry ${id} already: ${standing.kind} of ${standing.amount}`,
    );
  return { account, entry: standing, already: true };
}

/** Money in takes the low mark off, so that the next crossing is told again; a positive balance ends a countdown. */
function clearedBy(seen: Account, { amount }: Entry): (keyof Marks)[] {
  const isPositive = sum([seen.balance, amount]) > 0n;
  return [
    ...(amount > 0n && seen.lowOn !== undefined ? (["lowOn"] as const) : []),
    ...(isPositive && seen.suspendedOn !== undefined ? (["suspendedOn", "deletableFrom"] as const) : []),
  ];
}
