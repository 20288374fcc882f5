import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "../account.ts";
import { AwsError, invalidValue } from "../aws-error.ts";
import type { MailEvent, MailFate, SesAccess } from "../contract.ts";
import { domainOf, requireAddress } from "./address.ts";
import type { JudgedMail } from "./judged-mail.ts";
import { eventsOf } from "./mail-event.ts";
import { type RawMail, rewriteMail } from "./raw-mail.ts";
import { Recipients, simulated } from "./recipients.ts";
import { SANDBOX, SendingLimits } from "./sending-limits.ts";
import { requireTags } from "./tags.ts";
import { holdsVirus } from "./virus.ts";

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

/** SES v1 of the rehearsed account: identities, configuration sets, the mail that was accepted, what became of it. */
export class Mailbox {
  readonly accepted: JudgedMail[] = [];
  /** All that SES tells of the accepted mails, due or not: mail by mail, and of each in the order of time. */
  readonly events: MailEvent[] = [];
  readonly access: SesAccess;
  readonly configurationSets = new Set<string>();
  readonly #verified = new Set<string>();
  readonly #recipients = new Recipients();
  readonly #limits = new Map<string, SendingLimits>();
  readonly #account: Account;

  constructor(account: Account, access: SesAccess = SANDBOX) {
    this.#account = account;
    this.access = access;
  }

  verify(identity: string): void {
    this.#verified.add(identity.toLowerCase());
  }

  isVerified(identity: string): boolean {
    return this.#identityOf(identity) !== undefined;
  }

  identities(): string[] {
    return [...this.#verified];
  }

  setFate(address: string, fate: MailFate): void {
    this.#recipients.setFate(address, fate);
  }

  /** Recipients of the last 24 hours, those of the mailbox simulator left out. */
  sentLastDay(region: string): number {
    return this.#limitsOf(region).sentLastDay(this.#account.clock.now());
  }

  /**
   * Accepts a message, decides what becomes of it, and answers its id. Nothing has changed when it throws.
   * @throws AwsError MessageRejected, ConfigurationSetDoesNotExist, InvalidParameterValue, Throttling
   */
  async accept(region: string, submission: Submission): Promise<string> {
    const { configurationSet, destinations, senders } = submission;
    if (configurationSet !== undefined && !this.configurationSets.has(configurationSet)) {
      throw new AwsError(
        "ConfigurationSetDoesNotExist",
        `Configuration set <${configurationSet}> does not exist.`,
      );
    }
    requireRecipients(destinations);
    for (const address of [...senders, ...destinations]) requireAddress(address);
    requireTags(submission.tags);
    const strangers = destinations.filter((one) => simulated(one) === undefined);
    this.#requireVerified(region, [...senders, ...(this.access.sandbox ? strangers : [])]);
    const now = this.#account.clock.now();
    this.#limitsOf(region).admit(now, destinations.length, destinations.length - strangers.length);
    return await this.#store(region, submission, now);
  }

  async #store(region: string, submission: Submission, at: Date): Promise<string> {
    const { mail, source, destinations, tags, configurationSet } = submission;
    const number = this.accepted.length + 1;
    const messageId = `0100${at.getTime().toString(16).padStart(12, "0")}-${number.toString(16).padStart(8, "0")}-000000`;
    const isRejected = holdsVirus(mail.body);
    const outcomes = destinations.map((address) => ({
      address,
      outcome: isRejected ? ("rejected" as const) : this.#recipients.receive(region, address, at),
    }));
    const deliveredTo = outcomes
      .filter(({ outcome }) => outcome === "delivered" || outcome === "complained")
      .map(({ address }) => address);
    const folder = join(this.#account.folder, deliveredTo.length > 0 ? "mail" : "undelivered-mail");
    const file = join(folder, `${String(number).padStart(4, "0")}-${messageId}.eml`);
    const judged: JudgedMail = {
      ...{ messageId, file, source, destinations: [...destinations], deliveredTo, region, tags },
      ...{ at, headers: mail.headers, configurationSet, outcomes },
      identity: this.#identityOf(source) ?? source,
    };
    // Counted before it is written, so that two at once do not get the same number.
    this.accepted.push(judged);
    this.events.push(...eventsOf(judged, this.#account.accountId));
    await mkdir(folder, { recursive: true });
    const domain = region === "us-east-1" ? "email.amazonses.com" : `${region}.amazonses.com`;
    // Bytes in, bytes out: the message was read as latin1.
    await writeFile(file, rewriteMail(mail, `${messageId}@${domain}`, at), "latin1");
    return messageId;
  }

  /** Senders always; recipients in the sandbox. */
  #requireVerified(region: string, addresses: readonly string[]): void {
    const failed = [...new Set(addresses)].filter((address) => !this.isVerified(address));
    if (failed.length === 0) return;
    throw new AwsError(
      "MessageRejected",
      `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failed.join(", ")}`,
    );
  }

  #identityOf(address: string): string | undefined {
    return [address.toLowerCase(), domainOf(address)].find((one) => this.#verified.has(one));
  }

  #limitsOf(region: string): SendingLimits {
    const limits = this.#limits.get(region) ?? new SendingLimits(this.access);
    this.#limits.set(region, limits);
    return limits;
  }
}

function requireRecipients(destinations: readonly string[]): void {
  if (destinations.length === 0) throw invalidValue("Empty destination");
  if (destinations.length > RECIPIENT_LIMIT) {
    throw invalidValue(`Recipient count exceeds ${RECIPIENT_LIMIT}.`);
  }
}
