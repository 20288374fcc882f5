import type { Message } from "./message.ts";
import type { Outcome } from "./outcome.ts";

/** What the ledger knows of one (message, recipient). */
export type SendState =
  | { readonly state: "new" }
  /** Claimed at that instant, by a run whose outcome is not known. */
  | { readonly state: "claimed"; readonly claimedAt: Date }
  | { readonly state: "sent" };

/** Which mail went out. Every write is one conditional write, or safe to repeat. */
export interface SendLedger {
  /** Claims a send. Answers what stood there before: only "new" means that it is ours now. */
  claim(key: string, messageId: string, now: Date): Promise<SendState>;
  /** Takes over a claim that is in doubt, if it still is the one that was seen. */
  takeOver(key: string, seenClaimedAt: Date, now: Date): Promise<boolean>;
  /** Gives a claim back when SES certainly did not accept the mail. */
  release(key: string): Promise<void>;
  /** Safe to repeat. */
  markSent(key: string, sesMessageId: string): Promise<void>;
  /** Notes what became of a mail, and with it that it was sent. Safe to repeat, in any order. */
  record(key: string, sesMessageId: string, outcome: Outcome): Promise<void>;
}

/** Hands mail to SES. */
export interface MailSender {
  /**
   * @param key  travels as a tag, and comes back in SES's events
   * @returns SES's id of the mail
   * @throws MailRefusedError, SenderRefusedError, SendingTooFastError, QuotaUsedUpError: SES did not take it;
   *   AnswerLostError: nobody knows
   */
  send(message: Message, recipient: string, key: string): Promise<string>;
}

/**
 * Addresses that get no mail any more. Events come late, twice and out of order, so whatever is older than what is
 * known of an address changes nothing. Addresses are told apart without regard to case.
 */
export interface Suppressions {
  isSuppressed(address: string): Promise<boolean>;
  /** From that instant on, for that reason. */
  suppress(address: string, reason: string, at: Date): Promise<void>;
  /** Counts a bounce that may pass. It suppresses nothing. */
  countTransient(address: string, at: Date): Promise<void>;
  /** @returns whether it was suppressed */
  lift(address: string, at: Date): Promise<boolean>;
}

/** What it takes to send a mail once. */
export interface SendPorts {
  readonly ledger: SendLedger;
  readonly sender: MailSender;
  readonly suppressions: Suppressions;
}

/** What SES allows the account now. Both count recipients. */
export interface Allowance {
  readonly perSecond: number;
  /** In these 24 hours; Infinity where SES sets no bound. */
  readonly left: number;
}

/** Knows what SES allows the account. */
export interface MailQuota {
  allowance(): Promise<Allowance>;
}

/** Files of notices, one JSON object a line. A file is written once and then stays as it is. */
export interface NoticeShelf {
  /** Some files (as many as come at once) whose names begin with `prefix`, in order, after the one named. */
  list(prefix: string, after: string | undefined): Promise<readonly string[]>;
  lines(key: string): Promise<readonly string[]>;
}
