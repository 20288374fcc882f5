import type { Account, Attodollars, Day, EntryKind } from "#ledger";

/** What became of a change: the account as it is after it, or as it stood in the way. Absent: no such account. */
export interface Change {
  readonly made: boolean;
  readonly account: Account | undefined;
}

/** Accounts, as far as opening, parking and deleting goes. Every change is one conditional write. */
export interface AccountBook {
  /** The account as it is now. Answers or fails within two seconds. */
  read(account: string): Promise<Account | undefined>;
  /** Opens an account unless there is one of its name. */
  open(account: Account): Promise<Change>;
  /** Parks an account that is neither parked nor deleted. */
  park(account: string, day: Day): Promise<Change>;
  /** Takes an account that is parked back into service. */
  unpark(account: string): Promise<Change>;
  /** Marks an account as deleted if, at this moment, it is unpaid, past its countdown and not parked. */
  markDeleted(account: string, day: Day, approvedBy: string): Promise<Change>;
}

/** The stop switch of all deletions. */
export interface DeletionSwitch {
  isAllowed(): Promise<boolean>;
}

/** The secrets that Stripe may sign with; several while one is being replaced. */
export interface WebhookSecrets {
  /** @throws NoWebhookSecretError */
  read(now: Date): Promise<readonly string[]>;
}

/**
 * What is known of one of Stripe's objects: a payment that was received and for whom (absent: for nobody that we
 * know), or a refund or dispute by which money was withdrawn, or returned before we had heard that it was withdrawn.
 */
export interface PaymentRecord {
  readonly state: "received" | "withdrawn" | "returned";
  readonly account: string | undefined;
}

/** Which of Stripe's objects belongs to which account. */
export interface PaymentBook {
  find(object: string): Promise<PaymentRecord | undefined>;
  /** Keeps a record unless there is one. Answers the one that stands. */
  keep(object: string, record: PaymentRecord): Promise<PaymentRecord>;
}

/** An entry as the machine `billing-entry` takes it. */
export interface LedgerEntry {
  /** Follows from Stripe's object, so that the ledger takes it once, whatever events told of it. */
  readonly id: string;
  readonly kind: EntryKind;
  readonly amount: Attodollars;
  readonly on: Day;
  readonly reverses?: string;
}

/** The way into the ledger. */
export interface BillingEntries {
  /** Has an entry booked. Safe to repeat: one execution per entry, which then sees to it by itself. */
  start(account: string, entry: LedgerEntry, at: Date): Promise<void>;
}
