import {
  type Account,
  type Attodollars,
  addDays,
  type Day,
  daysBetween,
  type Entry,
  minus,
  type Statement,
  sum,
  times,
} from "#ledger";
import type { Marks } from "./ports.ts";

/** Days of storage at the present rate below which a balance is low. Bandwidth is in no forecast. */
export const LOW_DAYS = 7n;
/** Days between the mail that an account is suspended and the first on which its data may be deleted. */
export const COUNTDOWN_DAYS = 7;
/** Days before that one on which a customer is warned again. */
const WARNINGS = [3, 1];

/** Mail that is to be sent because of the ledger. What the facts of each template are is the mail domain's affair. */
export interface Notice {
  /** With the recipient it says which mail this is: the same notice is sent once. */
  readonly id: string;
  readonly template: "payment-received" | "balance-low" | "suspended" | "deletion-warning" | "statement";
  readonly to: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * The marks that an account needs after a day's charge. Each is set once per crossing: what is set stays until a
 * payment takes it off. None for an account that was parked or deleted since it was charged: it is left alone.
 * @param today from the run's time: the countdown begins when the customer is told, not on the day that was billed
 */
export function marksFor(account: Account, day: Day, today: Day): Marks | undefined {
  const { balance, storagePerDay, lowOn, suspendedOn } = account;
  if (isOutOfService(account)) return undefined;
  if (balance <= 0n && suspendedOn === undefined) {
    const low = lowOn === undefined ? { lowOn: day } : {};
    return { ...low, suspendedOn: day, deletableFrom: addDays(today, COUNTDOWN_DAYS) };
  }
  const isLow = storagePerDay !== undefined && balance < times(storagePerDay, LOW_DAYS);
  return balance > 0n && isLow && lowOn === undefined ? { lowOn: day } : undefined;
}

/** The mail that an account's day brings. The same again when the day is billed again. */
export function noticesFor(account: Account, day: Day, today: Day, closed: Statement | undefined): Notice[] {
  return [
    ...(closed === undefined || isEmpty(closed) ? [] : [statementNotice(account, closed)]),
    ...(account.lowOn === day && account.balance > 0n ? [lowNotice(account, day)] : []),
    ...(account.suspendedOn === day ? [suspendedNotice(account, day)] : []),
    ...(account.suspendedOn === undefined || isOutOfService(account)
      ? []
      : warningNotices(account, day, today)),
  ];
}

function isOutOfService({ parkedOn, deletedOn }: Account): boolean {
  return parkedOn !== undefined || deletedOn !== undefined;
}

/** The mail that follows a payment. */
export function paymentNotice(account: Account, id: string, { on, amount }: Entry): Notice {
  const facts = {
    account: account.account,
    payment: id,
    on,
    amount: String(amount),
    balance: String(account.balance),
  };
  return { id: `payment/${account.account}/${id}`, template: "payment-received", to: account.mail, facts };
}

function lowNotice(account: Account, day: Day): Notice {
  const { balance, storagePerDay = 0n } = account;
  const facts = {
    account: account.account,
    on: day,
    balance: String(balance),
    storagePerDay: String(storagePerDay),
    daysLeft: storagePerDay === 0n ? 0 : Number(balance / storagePerDay),
  };
  return { id: `low/${account.account}/${day}`, template: "balance-low", to: account.mail, facts };
}

function suspendedNotice(account: Account, day: Day): Notice {
  const { balance, deletableFrom } = account;
  const facts = { account: account.account, on: day, balance: String(balance), deletableFrom };
  return { id: `suspended/${account.account}/${day}`, template: "suspended", to: account.mail, facts };
}

/** Named by its step of the countdown, so that a night that comes late, or twice, warns once for each. */
function warningNotices(account: Account, day: Day, today: Day): Notice[] {
  const { balance, suspendedOn, deletableFrom } = account;
  if (deletableFrom === undefined || suspendedOn === day) return [];
  const left = daysBetween(today, deletableFrom);
  const step = WARNINGS.filter((one) => left <= one).at(-1);
  if (step === undefined || left < 0) return [];
  const facts = { account: account.account, balance: String(balance), deletableFrom };
  const id = `deletion-warning/${account.account}/${deletableFrom}/${step}`;
  return [{ id, template: "deletion-warning", to: account.mail, facts }];
}

/** A month in which nothing moved: nobody wants to read of it. */
function isEmpty({ charges, entries }: Statement): boolean {
  return Object.keys(charges).length === 0 && Object.keys(entries).length === 0;
}

function statementNotice({ account, mail }: Account, closed: Statement): Notice {
  const charged: Attodollars = sum(Object.values(closed.charges));
  const facts = {
    account,
    month: closed.month,
    opening: String(closed.opening),
    closing: String(closed.closing),
    storageCharged: String(closed.storageCharged),
    bandwidthCharged: String(minus(charged, closed.storageCharged)),
    byteDays: String(closed.used.storedBytes),
    bytesIn: String(closed.used.bytesIn),
    bytesOut: String(closed.used.bytesOut),
    days: Object.keys(closed.charges).length,
    entries: Object.entries(closed.entries).map(([id, { kind, on, amount }]) => {
      return { id, kind, on, amount: String(amount) };
    }),
  };
  return { id: `statement/${account}/${closed.month}`, template: "statement", to: mail, facts };
}
