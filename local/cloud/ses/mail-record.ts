import { domainOf, mailboxesIn } from "./address.ts";
import type { JudgedMail } from "./judged-mail.ts";
import type { RawHeader } from "./raw-mail.ts";

/** Headers beyond this size are left out of events (SES developer guide, "Contents of event data"). */
const HEADERS_LIMIT_BYTES = 10 * 1024;

/**
 * The `mail` object of an event: the message as it was given to SES, with its own Message-ID among the headers, and
 * SES's as `messageId` (SES developer guide, "Contents of event data", mail object).
 */
export function mailRecord(mail: JudgedMail, account: string) {
  const headers = withinLimit(mail.headers);
  return {
    timestamp: mail.at.toISOString(),
    source: mail.source,
    sourceArn: `arn:aws:ses:${mail.region}:${account}:identity/${mail.identity}`,
    sendingAccountId: account,
    messageId: mail.messageId,
    destination: mail.destinations,
    headersTruncated: headers.length < mail.headers.length,
    headers: headers.map(({ name, value }) => ({ name, value })),
    commonHeaders: commonHeaders(mail),
    tags: {
      ...(mail.configurationSet === undefined ? {} : { "ses:configuration-set": [mail.configurationSet] }),
      "ses:source-ip": ["127.0.0.1"],
      "ses:from-domain": [domainOf(mail.source)],
      ...Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
    },
  };
}

function withinLimit(headers: readonly RawHeader[]): readonly RawHeader[] {
  let bytes = 0;
  const end = headers.findIndex(({ field }) => {
    bytes += field.length + 2;
    return bytes > HEADERS_LIMIT_BYTES;
  });
  return end === -1 ? headers : headers.slice(0, end);
}

function commonHeaders({ headers, messageId }: JudgedMail) {
  const written = (name: string) => headers.find((one) => one.name.toLowerCase() === name)?.value;
  const texts = { date: written("date"), subject: written("subject") };
  const lists = {
    from: mailboxesIn(written("from")),
    to: mailboxesIn(written("to")),
    cc: mailboxesIn(written("cc")),
    replyTo: mailboxesIn(written("reply-to")),
  };
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, value]) => value.length > 0)),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
    messageId: written("message-id") ?? messageId,
  };
}
