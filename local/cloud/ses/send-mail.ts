import { AwsError, invalidValue } from "../aws-error.ts";
import { type Params, requiredText, structure, text, texts } from "../form.ts";
import { bareAddresses, givenAddresses } from "./address.ts";
import type { Mailbox } from "./mailbox.ts";
import { headerValue, parseRawMail } from "./raw-mail.ts";
import { messageTags } from "./tags.ts";

/** Size of a raw message, its attachments in their base64 (SES quotas, version 1 of the API). */
const SIZE_LIMIT_BYTES = 10 * 1024 * 1024;

/** Between addresses of a header. Folded, because fifty of them do not fit on a line. */
const SEPARATOR = ",\r\n ";

/** SendRawEmail: the envelope is Source and Destinations; where they are absent, the headers say. */
export async function sendRawEmail(mailbox: Mailbox, region: string, params: Params) {
  const raw = Buffer.from(requiredText(structure(params, "RawMessage"), "Data"), "base64");
  if (raw.length > SIZE_LIMIT_BYTES) {
    throw invalidValue(`Message length is more than ${SIZE_LIMIT_BYTES} bytes long: '${raw.length}'.`);
  }
  const mail = parseRawMail(raw.toString("latin1"));
  const from = bareAddresses(headerValue(mail, "from"));
  if (from.length === 0) throw invalidValue("Missing required header 'From'.");
  const given = text(params, "Source");
  const source = given === undefined ? (from[0] ?? "") : onlyAddress(given);
  const others = ["sender", "return-path"].flatMap((name) => bareAddresses(headerValue(mail, name)));
  const named = givenAddresses(texts(params, "Destinations"));
  const inHeaders = ["to", "cc", "bcc"].flatMap((name) => bareAddresses(headerValue(mail, name)));
  const MessageId = await mailbox.accept(region, {
    mail,
    source,
    senders: [source, ...from, ...others],
    destinations: named.length > 0 ? named : inHeaders,
    tags: messageTags(params, mail),
    configurationSet: text(params, "ConfigurationSetName") ?? headerValue(mail, "x-ses-configuration-set"),
  });
  return { MessageId };
}

/** SendEmail: SES composes the message. */
export async function sendEmail(mailbox: Mailbox, region: string, params: Params) {
  const source = requiredText(params, "Source");
  const destination = structure(params, "Destination");
  const to = texts(destination, "ToAddresses");
  const cc = texts(destination, "CcAddresses");
  const replyTo = texts(params, "ReplyToAddresses");
  const message = structure(params, "Message");
  const subject = contentOf(structure(message, "Subject"));
  const sender = onlyAddress(source);
  const destinations = givenAddresses([...to, ...cc, ...texts(destination, "BccAddresses")]);
  givenAddresses(replyTo);
  const headers = [
    ["From", source],
    ["Reply-To", replyTo.join(SEPARATOR)],
    ["To", to.join(SEPARATOR)],
    ["Cc", cc.join(SEPARATOR)],
    ["Subject", encodeWord(subject)],
    ["MIME-Version", "1.0"],
  ];
  const head = headers.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  const raw = [...head, ...bodyLines(structure(message, "Body"))].join("\r\n");
  const mail = parseRawMail(raw);
  const MessageId = await mailbox.accept(region, {
    ...{ mail, source: sender, senders: [sender], destinations },
    tags: messageTags(params, mail),
    configurationSet: text(params, "ConfigurationSetName"),
  });
  return { MessageId };
}

/** Source is one address. @throws AwsError InvalidParameterValue */
function onlyAddress(source: string): string {
  const [address, ...others] = givenAddresses([source]);
  if (address === undefined || others.length > 0) throw invalidValue("Illegal address");
  return address;
}

function contentOf(content: Params): string {
  const value = text(content, "Data");
  if (value === undefined) throw new AwsError("InvalidParameterValue", "Missing content.");
  return value;
}

/** Subject lines beyond ASCII travel as encoded words (RFC 2047). */
function encodeWord(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
}

function bodyLines(body: Params): string[] {
  const parts = (["Text", "Html"] as const)
    .filter((kind) => text(structure(body, kind), "Data") !== undefined)
    .map((kind) => bodyPart(kind, contentOf(structure(body, kind))));
  const [only] = parts;
  if (only === undefined) throw invalidValue("Message body is empty.");
  if (parts.length === 1) return only;
  const boundary = "----=_rehearsal_alternative";
  return [
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    ...parts.flatMap((part) => [`--${boundary}`, ...part]),
    `--${boundary}--`,
    "",
  ];
}

function bodyPart(kind: "Text" | "Html", content: string): string[] {
  const encoded =
    Buffer.from(content)
      .toString("base64")
      .match(/.{1,76}/g) ?? [];
  const type = kind === "Text" ? "text/plain" : "text/html";
  return [`Content-Type: ${type}; charset=UTF-8`, "Content-Transfer-Encoding: base64", "", ...encoded, ""];
}
