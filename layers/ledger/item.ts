import type { Account, Entry, EntryKind, Statement } from "./account.ts";
import type { Day, Month } from "./calendar.ts";
import { type Attodollars, attodollars } from "./money.ts";

/** A value as DynamoDB's API writes it; numbers are text and so stay exact. */
export type ItemValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly M: Readonly<Record<string, ItemValue>> };
export type Item = Readonly<Record<string, ItemValue>>;

/*
 * The item of an account stays below 1 KB in a month without many entries, which is what one write request unit pays
 * for. So the names of what is there every day are short, and a charge is a number and nothing else.
 */

/** Name of the table of accounts. Key: `account`. */
export function accountTableName(stage: string): string {
  return `nightshift-${stage}-accounts`;
}

/** Name of the table of closed months. Key: `account` and `month`. */
export function statementTableName(stage: string): string {
  return `nightshift-${stage}-statements`;
}

/** An account as an item. */
export function accountItem(account: Account): Item {
  return withoutAbsent({
    ...ledgerItem(account),
    mail: textValue(account.mail),
    balance: numberValue(account.balance),
    last: optional(account.lastCharge, numberValue),
    part: optional(account.lastPart, numberValue),
    rate: optional(account.storagePerDay, numberValue),
    closed: optional(account.closedMonth, textValue),
    closedOn: optional(account.closedOn, textValue),
    low: optional(account.lowOn, textValue),
    suspended: optional(account.suspendedOn, textValue),
    deletable: optional(account.deletableFrom, textValue),
    parked: optional(account.parkedOn, textValue),
    deleted: optional(account.deletedOn, textValue),
  });
}

/** An account of its item. @throws TypeError when a member is missing or of another kind */
export function accountOf(item: Item): Account {
  const amount = (name: string) => (item[name] === undefined ? undefined : attodollars(integer(item, name)));
  const word = <T extends string>(name: string) =>
    item[name] === undefined ? undefined : (words(item, name) as T);
  return withoutAbsent({
    ...ledgerOf(item),
    mail: words(item, "mail"),
    balance: attodollars(integer(item, "balance")),
    lastCharge: amount("last"),
    lastPart: item.part === undefined ? undefined : integer(item, "part"),
    storagePerDay: amount("rate"),
    closedMonth: word<Month>("closed"),
    closedOn: word<Day>("closedOn"),
    lowOn: word<Day>("low"),
    suspendedOn: word<Day>("suspended"),
    deletableFrom: word<Day>("deletable"),
    parkedOn: word<Day>("parked"),
    deletedOn: word<Day>("deleted"),
  }) as Account;
}

/** A statement as an item. */
export function statementItem(statement: Statement): Item {
  return { ...ledgerItem(statement), closing: numberValue(statement.closing) };
}

/** A statement of its item. @throws TypeError */
export function statementOfItem(item: Item): Statement {
  return { ...ledgerOf(item), closing: attodollars(integer(item, "closing")) };
}

/** An entry as it stands in an item. */
export function entryItem({ kind, amount, on, reverses }: Entry): ItemValue {
  return {
    M: withoutAbsent({
      kind: textValue(kind),
      amount: numberValue(amount),
      on: textValue(on),
      reverses: optional(reverses, textValue),
    }),
  };
}

function ledgerItem(ledger: Omit<Statement, "closing">): Item {
  return {
    account: textValue(ledger.account),
    month: textValue(ledger.month),
    rev: numberValue(ledger.revision),
    opening: numberValue(ledger.opening),
    days: { M: mapValues(ledger.charges, numberValue) },
    entries: { M: mapValues(ledger.entries, entryItem) },
    stored: numberValue(ledger.used.storedBytes),
    in: numberValue(ledger.used.bytesIn),
    out: numberValue(ledger.used.bytesOut),
    storage: numberValue(ledger.storageCharged),
  };
}

function ledgerOf(item: Item): Omit<Statement, "closing"> {
  return {
    account: words(item, "account"),
    month: words(item, "month") as Month,
    revision: integer(item, "rev"),
    opening: attodollars(integer(item, "opening")),
    charges: mapValues(members(item, "days"), (value) => amountOf(value)),
    entries: mapValues(members(item, "entries"), (value) => entryOf(value)),
    used: {
      storedBytes: integer(item, "stored"),
      bytesIn: integer(item, "in"),
      bytesOut: integer(item, "out"),
    },
    storageCharged: attodollars(integer(item, "storage")),
  };
}

function entryOf(value: ItemValue): Entry {
  const item = "M" in value ? value.M : {};
  const entry = {
    kind: words(item, "kind") as EntryKind,
    amount: attodollars(integer(item, "amount")),
    on: words(item, "on") as Day,
  };
  return item.reverses === undefined ? entry : { ...entry, reverses: words(item, "reverses") };
}

/** A whole number as an attribute. */
export function numberValue(value: bigint): ItemValue {
  return { N: value.toString() };
}

/** Text as an attribute. */
export function textValue(value: string): ItemValue {
  return { S: value };
}

function integer(item: Item, name: string): bigint {
  const value = item[name];
  if (value === undefined || !("N" in value)) throw new TypeError(`item without the number ${name}`);
  return wholeNumber(value.N);
}

function amountOf(value: ItemValue): Attodollars {
  if (!("N" in value)) throw new TypeError("a charge that is no number");
  return attodollars(wholeNumber(value.N));
}

/** DynamoDB may write a number with an exponent: 1E+3, 1.25E+19. @throws SyntaxError for what is no whole number */
function wholeNumber(text: string): bigint {
  const [, whole, decimals = "", exponent = "0"] = /^(-?\d+)(?:\.(\d+))?(?:[eE]\+?(\d+))?$/.exec(text) ?? [];
  const zeros = BigInt(exponent) - BigInt(decimals.length);
  return whole === undefined || zeros < 0n ? BigInt(text) : BigInt(`${whole}${decimals}`) * 10n ** zeros;
}

function words(item: Item, name: string): string {
  const value = item[name];
  if (value === undefined || !("S" in value)) throw new TypeError(`item without the text ${name}`);
  return value.S;
}

function members(item: Item, name: string): Readonly<Record<string, ItemValue>> {
  const value = item[name];
  if (value === undefined || !("M" in value)) throw new TypeError(`item without the map ${name}`);
  return value.M;
}

function optional<T>(value: T | undefined, write: (value: T) => ItemValue): ItemValue | undefined {
  return value === undefined ? undefined : write(value);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function withoutAbsent<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;
}
