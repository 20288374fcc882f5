import { invalidValue } from "../aws-error.ts";
import { requireHeaders } from "./header-rules.ts";

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

/**
 * Takes a raw message apart.
 * @throws AwsError InvalidParameterValue for a malformed header, a duplicate one, a line that is too long
 */
export function parseRawMail(raw: string): RawMail {
  requireLines(raw);
  const end = /(?:^|\r?\n)\r?\n/.exec(raw);
  const head = end === null ? raw : raw.slice(0, end.index);
  const body = end === null ? "" : raw.slice(end.index + end[0].length);
  const headers = head
    .split(/\r?\n(?![ \t])/)
    .filter((field) => field !== "")
    .map(parseHeader);
  requireHeaders(headers);
  return { headers, body };
}

/** The value of a header, by its lower-case name. */
export function headerValue(mail: RawMail, name: string): string | undefined {
  return mail.headers.find((one) => one.name.toLowerCase() === name)?.value;
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

/** Lines hold 1000 characters at most, their end included (RFC 5321, 4.5.3.1.6; SES API, SendRawEmail). */
function requireLines(raw: string): void {
  if (/[^\r\n]{999}/.test(raw)) throw invalidValue("A line of the message is longer than 1000 characters.");
}

function parseHeader(field: string): RawHeader {
  const colon = field.indexOf(":");
  const value = field.slice(colon + 1).replaceAll(/\r?\n[ \t]+/g, " ");
  return { name: colon === -1 ? field : field.slice(0, colon).trimEnd(), field, value: value.trim() };
}
