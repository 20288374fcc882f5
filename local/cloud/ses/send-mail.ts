import { AwsError, invalidValue } from "../aws-error.ts";
import { type Params, requiredText, structure, structures, text, texts } from "../form.ts";
import type { Mailbox } from "./mailbox.ts";
import { bareAddresses, headerValue, parseRawMail } from "./raw-mail.ts";

/** Size of a raw message, after base64 has been taken off (SES API, SendRawEmail). */
const SIZE_LIMIT_BYTES = 10 * 1024 * 1024;

/** SendRawEmail: the envelope is Source and Destinations; where they are absent, the headers say. */
export async function sendRawEmail(mailbox: Mailbox, region: string, params: Params) {
  const raw = Buffer.from(requiredText(structure(params, "RawMessage"), "Data"), "base64");
  if (raw.length > SIZE_LIMIT_BYTES) {
    throw invalidValue(`Message length is more than ${SIZE_LIMIT_BYTES} bytes long: '${raw.length}'.`);
  }
  const mail = parseRawMail(raw.toString("latin1"));
  const from = bareAddresses(headerValue(mail, "from"));
  if (from.length === 0) throw invalidValue("Missing required header 'From'.");
  const source = bareAddresses(text(params, "Source") ?? headerValue(mail, "from"))[0] ?? "";
  const others = ["sender", "return-path"].flatMap((name) => bareAddresses(headerValue(mail, name)));
  const named = texts(params, "Destinations").flatMap(bareAddresses);
  const inHeaders = ["to", "cc", "bcc"].flatMap((name) => bareAddresses(headerValue(mail, name)));
  const MessageId = await mailbox.accept(region, {
    mail,
    source,
    senders: [source, ...from, ...others],
    destinations: named.length > 0 ? named : inHeaders,
    tags: messageTags(params),
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
  const headers = [
    ["From", source],
    ["Reply-To", replyTo.join(", ")],
    ["To", to.join(", ")],
    ["Cc", cc.join(", ")],
    ["Subject", encodeWord(subject)],
    ["MIME-Version", "1.0"],
  ];
  const head = headers.filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  const raw = [...head, ...bodyLines(structure(message, "Body"))].join("\r\n");
  const MessageId = await mailbox.accept(region, {
    mail: parseRawMail(raw),
    source: bareAddresses(source)[0] ?? "",
    senders: bareAddresses(source),
    destinations: [...to, ...cc, ...texts(destination, "BccAddresses")].flatMap(bareAddresses),
    tags: messageTags(params),
    configurationSet: text(params, "ConfigurationSetName"),
  });
  return { MessageId };
}

function messageTags(params: Params): Record<string, string> {
  return Object.fromEntries(
    structures(params, "Tags").map((tag) => [text(tag, "Name") ?? "", text(tag, "Value") ?? ""]),
  );
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
