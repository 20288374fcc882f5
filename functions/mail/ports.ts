import type { Message } from "./message.ts";

/** What the ledger knows of one (message, recipient). */
export type SendState =
  | { readonly state: "new" }
  /** Claimed at that instant, by a run whose outcome is not known. */
  | { readonly state: "claimed"; readonly claimedAt: Date }
  | { readonly state: "sent" };

/** Which mail went out. Every write is one conditional write. */
export interface SendLedger {
  /** Claims a send. Answers what stood there before: only "new" means that it is ours now. */
  claim(key: string, messageId: string, now: Date): Promise<SendState>;
  /** Takes over a claim that is in doubt, if it still is the one that was seen. */
  takeOver(key: string, seenClaimedAt: Date, now: Date): Promise<boolean>;
  /** Gives a claim back when SES certainly did not accept the mail. */
  release(key: string): Promise<void>;
  /** Safe to repeat. */
  markSent(key: string, sesMessageId: string): Promise<void>;
}

/** Hands mail to SES. */
export interface MailSender {
  /**
   * @param key  travels as a tag, and comes back in SES's events
   * @returns SES's id of the mail
   * @throws MailRefusedError when SES refused it for good
   */
  send(message: Message, recipient: string, key: string): Promise<string>;
}
