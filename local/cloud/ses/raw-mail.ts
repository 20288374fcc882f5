import { AwsError, invalidValue } from "../aws-error.ts";

/** A raw message, cut at its first empty line. Header lines keep their folding. */
export interface RawMail {
  readonly headers: readonly RawHeader[];
  readonly body: string;
}

export interface RawHeader {
  readonly name: string;
  /** The whole field as it stands in the message, folded lines included. */
  readonly field: string;
  /** The unfolded value (RFC 5322, section 2.2.3). */
  readonly value: string;
}

/** Headers that SES accepts only once (SES developer guide, "Amazon SES header fields"). */
const SINGLE_INSTANCE: ReadonlySet<string> = new Set([
  ...["accept-language", "archived-at", "auto-submitted", "bcc", "cc", "comments", "content-base"],
  ...["content-class", "content-description", "content-disposition", "content-duration", "content-id"],
  ...["content-language", "content-length", "content-location", "content-md5", "content-transfer-encoding"],
  ...["content-type", "date", "delivered-to", "disposition-notification-options"],
  ...["disposition-notification-to", "dkim-signature", "feedback-id", "from", "importance", "in-reply-to"],
  ...["keywords", "list-archive", "list-help", "list-id", "list-owner", "list-post", "list-subscribe"],
  ...["list-unsubscribe", "list-unsubscribe-post", "message-context", "message-id", "mime-version"],
  ...["organization", "original-from", "original-message-id", "original-recipient", "original-subject"],
  ...["precedence", "priority", "references", "reply-to", "return-path", "return-receipt-to", "sender"],
  ...["solicitation", "sensitivity", "subject", "thread-index", "thread-topic", "to", "user-agent"],
  ...["vbr-info"],
]);

/**
 * Takes a raw message apart.
 * @throws AwsError as SES refuses it: no header, a malformed one, a duplicate one
 */
export function parseRawMail(raw: string): RawMail {
  const end = /\r?\n\r?\n/.exec(raw);
  const head = end === null ? raw : raw.slice(0, end.index);
  const body = end === null ? "" : raw.slice(end.index + end[0].length);
  const headers = head
    .split(/\r?\n(?![ \t])/)
    .filter((field) => field !== "")
    .map(parseHeader);
  requireSingle(headers);
  return { headers, body };
}

/** The value of a header, by its lower-case name. */
export function headerValue(mail: RawMail, name: string): string | undefined {
  return mail.headers.find((one) => one.name.toLowerCase() === name)?.value;
}

/** Bare addresses of a header like `"Owner, the" <owner@example.org>, other@example.org`. */
export function bareAddresses(value: string | undefined): string[] {
  return (value ?? "")
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, "")
    .split(",")
    .map((one) => (/<([^<>]+)>/.exec(one)?.[1] ?? one).trim())
    .filter((one) => one !== "");
}

/**
 * What SES puts on the wire: its own Message-ID and Date, without Bcc and without its own X-SES headers. Everything
 * else, References and In-Reply-To included, stays as it was.
 */
export function rewriteMail(mail: RawMail, messageId: string, date: Date): string {
  const replaced = /^(message-id|date|bcc|x-ses-.*)$/i;
  const kept = mail.headers.filter(({ name }) => !replaced.test(name)).map(({ field }) => field);
  const own = [`Message-ID: <${messageId}>`, `Date: ${date.toUTCString().replace("GMT", "+0000")}`];
  return [...kept, ...own, "", mail.body].join("\r\n");
}

function parseHeader(field: string): RawHeader {
  const colon = field.indexOf(":");
  const name = field.slice(0, Math.max(0, colon)).trim();
  if (!/^[!-9;-~]+$/.test(name)) throw invalidValue(`Invalid header: '${field.slice(0, 50)}'`);
  return {
    name,
    field,
    value: field
      .slice(colon + 1)
      .replaceAll(/\r?\n[ \t]+/g, " ")
      .trim(),
  };
}

function requireSingle(headers: readonly RawHeader[]): void {
  const seen = new Set<string>();
  for (const { name } of headers) {
    const lower = name.toLowerCase();
    if (SINGLE_INSTANCE.has(lower) && seen.has(lower)) {
      throw new AwsError("InvalidParameterValue", `Duplicate header '${name}'.`);
    }
    seen.add(lower);
  }
}
