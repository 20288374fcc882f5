import type { Account, Attodollars, Charge, Day, Entry, Statement, Usage } from "#ledger";
import type { DayRecord } from "./day-record.ts";
import type { Notice } from "./notices.ts";
import type { PartProgress } from "./part-progress.ts";
import type { Manifest, PartEntry } from "./usage/manifest.ts";
import type { UsageLine } from "./usage/usage-line.ts";

/** A day's charge of one account. */
export interface ChargeRequest {
  readonly day: Day;
  /** The part of the day's usage that names the account. */
  readonly part: bigint;
  readonly usage: Usage;
  readonly charge: Charge;
  /** The account's last charge must be at least this, or the charge is withheld. Absent: it is not looked at. */
  readonly leastLastCharge?: Attodollars;
}

/** What became of a write: the account as it is after it, or as it stands in the way. Absent: no such account. */
export type Answer =
  | { readonly applied: true; readonly account: Account }
  | { readonly applied: false; readonly account: Account | undefined };

/** What an account crosses: marks are set once, and taken off by a payment. */
export interface Marks {
  readonly lowOn?: Day;
  readonly suspendedOn?: Day;
  readonly deletableFrom?: Day;
}

/** Accounts. Every change is one conditional update of one item. Each throws AccountBrokenError. */
export interface Ledger {
  read(account: string): Promise<Account | undefined>;
  /** Charges a day of the open month, if that day has no charge and the account is neither parked nor deleted. */
  charge(account: string, request: ChargeRequest): Promise<Answer>;
  /** Opens the month of the day and charges it, if the account still is as it was seen. Its statement must be cut. */
  openMonth(seen: Account, request: ChargeRequest): Promise<Answer>;
  /** Keeps a closed month, unless a later revision of it is kept already. */
  cutStatement(statement: Statement): Promise<void>;
  /** All closed months, oldest first. */
  statements(account: string): Promise<readonly Statement[]>;
  /** Adds an entry, if the account still is as it was seen. `cleared` are the marks that it takes off. */
  addEntry(seen: Account, id: string, entry: Entry, cleared: readonly (keyof Marks)[]): Promise<Answer>;
  /** Sets marks, if the account still is as it was seen. */
  mark(seen: Account, marks: Marks): Promise<Answer>;
}

/** Every account, in pages; several readers share the table by segments. */
export interface AccountRegister {
  /** @param cursor of the page before; absent for the first. `broken`: what cannot be read, and why */
  page(
    segment: number,
    segments: number,
    cursor: string | undefined,
  ): Promise<{
    readonly accounts: readonly Account[];
    readonly broken: readonly string[];
    readonly cursor: string | undefined;
  }>;
}

/** The book of billed days. */
export interface DayBook {
  read(day: Day): Promise<DayRecord | undefined>;
  lastClosed(): Promise<DayRecord | undefined>;
  /** Closed days up to a day, newest first. */
  closedUntil(day: Day, count: number): Promise<readonly DayRecord[]>;
  /** Writes a day's record, unless the day is closed. Approvals that were given are kept. */
  write(record: DayRecord): Promise<void>;
  /** Closes a settled day, for good. Safe to repeat. False: it is not settled. */
  close(day: Day): Promise<boolean>;
  /** Approves what a day waits for. False: it does not wait for this. */
  approve(day: Day, approval: string): Promise<boolean>;
}

/** Where the service leaves its usage, day by day. */
export interface UsageShelf {
  /** Undefined while there is none: the day is not ready. @throws UsageManifestError */
  manifest(day: Day): Promise<Manifest | undefined>;
  /** A part, checked whole against its entry before anything of it is used. @throws CorruptPartError */
  part(day: Day, entry: PartEntry): Promise<readonly UsageLine[]>;
}

/** The working papers of a night. Everything here can be made again from usage and ledger. */
export interface NightShelf {
  progress(day: Day, part: number): Promise<PartProgress | undefined>;
  keepProgress(day: Day, part: number, progress: PartProgress): Promise<void>;
  /** @param from number of the first account of the part that they are about */
  keepNotices(day: Day, part: number, from: number, notices: readonly Notice[]): Promise<void>;
}

/** Time, as far as a long step needs it. */
export interface Pace {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}
