import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "../account.ts";
import { AwsError, invalidValue } from "../aws-error.ts";
import type { AcceptedMail } from "../contract.ts";
import { type RawMail, rewriteMail } from "./raw-mail.ts";

/** A message that is ready to be judged. Addresses are bare. */
export interface Submission {
  readonly mail: RawMail;
  readonly source: string;
  /** Everything that must be verified as a sender: Source, From, Sender, Return-Path. */
  readonly senders: readonly string[];
  readonly destinations: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string | undefined;
}

/** Recipients per message, To, Cc and Bcc together (SES quotas). */
const RECIPIENT_LIMIT = 50;

/** The sandbox, in which every new account is: mails a day, mails a second (SES quotas). */
export const SANDBOX = { mailsPerDay: 200, mailsPerSecond: 1 };

const DAY_MILLISECONDS = 86_400_000;

/** SES v1 of the rehearsed account: identities, configuration sets, and the mail that was accepted. */
export class Mailbox {
  readonly accepted: (AcceptedMail & { readonly at: Date })[] = [];
  readonly configurationSets = new Set<string>();
  readonly #verified = new Set<string>();
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  verify(identity: string): void {
    this.#verified.add(identity.toLowerCase());
  }

  isVerified(identity: string): boolean {
    const lower = identity.toLowerCase();
    return this.#verified.has(lower) || this.#verified.has(lower.slice(lower.indexOf("@") + 1));
  }

  identities(): string[] {
    return [...this.#verified];
  }

  /** Recipients of the last 24 hours: SES's quotas count recipients, not messages. */
  sentLastDay(): number {
    const since = this.#account.clock.now().getTime() - DAY_MILLISECONDS;
    return this.accepted
      .filter(({ at }) => at.getTime() > since)
      .reduce((sum, { destinations }) => sum + destinations.length, 0);
  }

  /**
   * Accepts a message into the mailbox folder, as it would go over the wire, and answers its id.
   * @throws AwsError MessageRejected, ConfigurationSetDoesNotExist, InvalidParameterValue, Throttling
   */
  async accept(region: string, submission: Submission): Promise<string> {
    const { configurationSet, destinations } = submission;
    if (configurationSet !== undefined && !this.configurationSets.has(configurationSet)) {
      throw new AwsError(
        "ConfigurationSetDoesNotExist",
        `Configuration set <${configurationSet}> does not exist.`,
      );
    }
    requireRecipients(destinations);
    requireTags(submission.tags);
    this.#requireVerified(region, [...submission.senders, ...destinations]);
    if (this.sentLastDay() + destinations.length > SANDBOX.mailsPerDay) {
      throw new AwsError("Throttling", "Daily message quota exceeded.");
    }
    return await this.#store(region, submission);
  }

  async #store(region: string, { mail, source, destinations, tags }: Submission): Promise<string> {
    const at = this.#account.clock.now();
    const number = this.accepted.length + 1;
    const messageId = `0100${at.getTime().toString(16).padStart(12, "0")}-${number.toString(16).padStart(8, "0")}-000000`;
    const domain = region === "us-east-1" ? "email.amazonses.com" : `${region}.amazonses.com`;
    const folder = join(this.#account.folder, "mail");
    const file = join(folder, `${String(number).padStart(4, "0")}-${messageId}.eml`);
    // Counted before it is written, so that two at once do not get the same number.
    this.accepted.push({ messageId, file, source, destinations: [...destinations], region, tags, at });
    await mkdir(folder, { recursive: true });
    // Bytes in, bytes out: the message was read as latin1.
    await writeFile(file, rewriteMail(mail, `${messageId}@${domain}`, at), "latin1");
    return messageId;
  }

  /** In the sandbox recipients must be verified as senders are. */
  #requireVerified(region: string, addresses: readonly string[]): void {
    const failed = [...new Set(addresses)].filter((address) => !this.isVerified(address));
    if (failed.length === 0) return;
    throw new AwsError(
      "MessageRejected",
      `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failed.join(", ")}`,
    );
  }
}

function requireRecipients(destinations: readonly string[]): void {
  if (destinations.length === 0) throw invalidValue("Empty destination");
  if (destinations.length > RECIPIENT_LIMIT) {
    throw invalidValue(`Recipient count exceeds ${RECIPIENT_LIMIT}.`);
  }
  const bad = destinations.find((address) => !/^[\x21-\x7e]+@[A-Za-z0-9.-]+$/.test(address));
  if (bad !== undefined) throw invalidValue(`Illegal address`);
}

/** Names and values of tags: letters, digits, `_` and `-`, at most 256 (SES API, MessageTag). */
function requireTags(tags: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(tags)) {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name))
      throw invalidValue(
        `Invalid tag name <${name}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`,
      );
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(value))
      throw invalidValue(
        `Invalid tag value <${value}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`,
      );
  }
}
