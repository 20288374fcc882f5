import { AwsError } from "../aws-error.ts";

/** A raw message cut at its first empty line. */
export interface RawMail {
  readonly headers: readonly { readonly name: string; readonly line: string; readonly value: string }[];
  readonly body: string;
}

/** Headers that SES accepts once only (SES developer guide, "Header fields"); the ones that people meet. */
const SINGLE = new Set([
  "from",
  "sender",
  "reply-to",
  "to",
  "cc",
  "subject",
  "date",
  "message-id",
  "in-reply-to",
  "references",
  "return-path",
  "delivered-to",
  "dkim-signature",
  "precedence",
  "auto-submitted",
  "content-type",
  "content-transfer-encoding",
  "mime-version",
  "list-id",
  "list-help",
  "list-post",
  "list-owner",
  "list-archive",
  "list-subscribe",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "archived-at",
]);

/** Takes a raw message apart. @throws AwsError as SES refuses it: a duplicate header, a line that is too long. */
export function parseRawMail(raw: string): RawMail {
  const end = /\r?\n\r?\n/.exec(raw);
  const head = end === null ? raw : raw.slice(0, end.index);
  const body = end === null ? "" : raw.slice(end.index + end[0].length);
  const headers = head
    .split(/\r?\n(?![ \t])/)
    .filter((line) => line !== "")
    .map((line) => {
      const colon = line.indexOf(":");
      return {
        name: line.slice(0, colon),
        line,
        value: line
          .slice(colon + 1)
          .replaceAll(/\r?\n[ \t]+/g, " ")
          .trim(),
      };
    });
  requireSingle(headers);
  if (raw.split(/\r?\n/).some((line) => Buffer.byteLength(line) > 998)) {
    throw new AwsError("InvalidParameterValue", "Lines may be at most 998 characters long");
  }
  return { headers, body };
}

function requireSingle(headers: RawMail["headers"]): void {
  const seen = new Set<string>();
  for (const { name } of headers) {
    const lower = name.toLowerCase();
    if (SINGLE.has(lower) && seen.has(lower)) {
      throw new AwsError("InvalidParameterValue", `Duplicate header '${name}'.`);
    }
    seen.add(lower);
  }
}

/** The value of a header, if it is there. */
export function header(mail: RawMail, name: string): string | undefined {
  return mail.headers.find((one) => one.name.toLowerCase() === name)?.value;
}

/** The bare address in a header like `Name <user@example.org>`. */
export function bareAddress(value: string): string {
  return (/<([^>]+)>/.exec(value)?.[1] ?? value).trim();
}

/** What SES puts on the wire: its own Message-ID and Date, without Bcc and its own X-SES headers. */
export function rewriteMail(mail: RawMail, messageId: string, date: Date): string {
  const dropped = /^(message-id|date|bcc|x-ses-.*)$/i;
  const kept = mail.headers.filter(({ name }) => !dropped.test(name)).map(({ line }) => line);
  const own = [`Message-ID: <${messageId}>`, `Date: ${date.toUTCString().replace("GMT", "+0000")}`];
  return [...own, ...kept, "", mail.body].join("\r\n");
}
