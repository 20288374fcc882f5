import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AcceptedMail } from "../../cloud/contract.ts";
import type { Account } from "../account.ts";
import { AwsError, missing } from "../aws-error.ts";
import { type Params, structure, structures, text, texts, type Xml } from "../query-protocol.ts";
import { bareAddress, header, parseRawMail, rewriteMail } from "./raw-mail.ts";

const RECIPIENT_LIMIT = 50;
const SIZE_LIMIT_BYTES = 10 * 1024 * 1024;
/** The sandbox: 200 mails a day, one a second, and verified recipients only (SES developer guide, quotas). */
const DAILY_LIMIT = 200;

/** SES v1 of the rehearsed account, in the sandbox as every new account is. */
export class Ses {
  readonly #account: Account;
  readonly #verified = new Set<string>();
  readonly mails: AcceptedMail[] = [];

  constructor(account: Account) {
    this.#account = account;
  }

  verify(identity: string): void {
    this.#verified.add(identity.toLowerCase());
  }

  call(region: string, operation: string, params: Params): Xml {
    switch (operation) {
      case "SendRawEmail":
        return this.#sendRaw(region, params);
      case "GetSendQuota":
        return { Max24HourSend: DAILY_LIMIT, MaxSendRate: 1, SentLast24Hours: this.mails.length };
      case "VerifyEmailIdentity":
        this.verify(text(params, "EmailAddress") ?? "");
        return {};
      case "ListIdentities":
        return { Identities: [...this.#verified] };
      default:
        throw new AwsError("InvalidAction", `Could not find operation ${operation} for version 2010-12-01`);
    }
  }

  #sendRaw(region: string, params: Params): Xml {
    const encoded = text(structure(params, "RawMessage"), "Data");
    if (encoded === undefined) throw missing("RawMessage.Data");
    const raw = Buffer.from(encoded, "base64");
    if (raw.length > SIZE_LIMIT_BYTES) {
      throw new AwsError(
        "InvalidParameterValue",
        `Message length is more than ${SIZE_LIMIT_BYTES} bytes long: '${raw.length}'.`,
      );
    }
    const mail = parseRawMail(raw.toString("utf8"));
    const source = text(params, "Source") ?? header(mail, "from") ?? "";
    const destinations = this.#destinations(params, header(mail, "to"));
    this.#requireVerified(region, [source, header(mail, "from") ?? "", ...destinations].map(bareAddress));
    this.#requireQuota();

    const number = this.mails.length + 1;
    const messageId = `0100${number.toString(16).padStart(12, "0")}-rehearsal-000000`;
    const domain = region === "us-east-1" ? "email.amazonses.com" : `${region}.amazonses.com`;
    const wire = rewriteMail(mail, `${messageId}@${domain}`, this.#account.clock.now());
    const folder = join(this.#account.folder, "mail");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${String(number).padStart(4, "0")}.eml`);
    writeFileSync(file, wire);
    const tags = Object.fromEntries(
      structures(params, "Tags").map((tag) => [text(tag, "Name") ?? "", text(tag, "Value") ?? ""]),
    );
    requireTags(tags);
    this.mails.push({ messageId, file, source: bareAddress(source), destinations, region, tags });
    return { MessageId: messageId };
  }

  #destinations(params: Params, to: string | undefined): string[] {
    const named = texts(params, "Destinations");
    const destinations = named.length > 0 ? named : (to ?? "").split(",").map(bareAddress).filter(Boolean);
    if (destinations.length === 0) throw new AwsError("InvalidParameterValue", "Empty destination");
    if (destinations.length > RECIPIENT_LIMIT) {
      throw new AwsError("InvalidParameterValue", `Recipient count exceeds ${RECIPIENT_LIMIT}.`);
    }
    return destinations;
  }

  #requireVerified(region: string, addresses: readonly string[]): void {
    const failed = addresses.filter((address) => {
      const domain = address.split("@")[1] ?? "";
      return !this.#verified.has(address.toLowerCase()) && !this.#verified.has(domain.toLowerCase());
    });
    if (failed.length > 0) {
      const names = [...new Set(failed)].join(", ");
      throw new AwsError(
        "MessageRejected",
        `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${names}`,
      );
    }
  }

  #requireQuota(): void {
    if (this.mails.length >= DAILY_LIMIT) {
      throw new AwsError("Throttling", "Daily message quota exceeded.");
    }
  }
}

/** Names and values of tags: letters, digits, `_` and `-`, at most 256 (SES API, MessageTag). */
function requireTags(tags: Readonly<Record<string, string>>): void {
  for (const part of Object.entries(tags).flat()) {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(part)) {
      throw new AwsError("InvalidParameterValue", `Invalid tag: '${part}'`);
    }
  }
}
