import { SendEmailCommand, SendRawEmailCommand, type SendRawEmailCommandInput } from "@aws-sdk/client-ses";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount();
  account.cloud.verifyIdentity("example.org");
});
afterAll(() => account.close());

const BASE = ["From: Night Shift <night@example.org>", "To: owner@example.org", "Subject: hello"];
const raw = (...lines: string[]) => Buffer.from([...lines, "", "the body", ""].join("\r\n"));
const message = (...more: string[]) => raw(...BASE, ...more);
const to = (...Destinations: string[]) => ({ Destinations });
const invalid = (text: string) => `InvalidParameterValue: ${text}`;
const unverified = (name: string) =>
  `MessageRejected: Email address is not verified. The following identities failed the check in region US-EAST-1: ${name}`;

const fifty = Array.from({ length: 50 }, (_, index) => `r${index}@example.org`);
const CONTROL = invalid("Local address contains control or whitespace");
const ILLEGAL = invalid("Local address contains illegal character");

type Row = [why: string, data: Uint8Array, input: Partial<SendRawEmailCommandInput>, error: string];

const IDENTITIES: Row[] = [
  ["Source", message(), { Source: "who@example.com" }, unverified("who@example.com")],
  [
    "From, whatever Source is",
    raw("From: a@b.com", "To: b@example.org"),
    { Source: "n@example.org" },
    unverified("a@b.com"),
  ],
  ["Sender", message("Sender: s@example.com"), {}, unverified("s@example.com")],
  ["Return-Path", message("Return-Path: <s@example.com>"), {}, unverified("s@example.com")],
  ["a recipient, in the sandbox", message(), to("x@example.com"), unverified("x@example.com")],
  ["two of them, each once", message(), to("x@b.c", "y@b.c", "x@b.c"), unverified("x@b.c, y@b.c")],
  [
    "a neighbour of the simulator",
    message(),
    to("x@simulator.amazonses.com"),
    unverified("x@simulator.amazonses.com"),
  ],
];

const HEADERS: Row[] = [
  ["a header twice", message("subject: again"), {}, invalid("Duplicate header 'subject'.")],
  [
    "two signatures",
    message("DKIM-Signature: 1", "DKIM-Signature: 2"),
    {},
    invalid("Duplicate header 'DKIM-Signature'."),
  ],
  [
    "two unsubscriptions",
    message("List-Unsubscribe: 1", "List-Unsubscribe: 2"),
    {},
    invalid("Duplicate header 'List-Unsubscribe'."),
  ],
  ["From twice", message("From: b@example.org"), {}, invalid("Duplicate header 'From'.")],
  ["no From", raw("To: b@example.org"), {}, invalid("Missing required header 'From'.")],
  [
    "From in the body: an empty line came first",
    raw("", ...BASE),
    to("b@example.org"),
    invalid("Missing required header 'From'."),
  ],
  ["a header without a name", message(": x"), {}, invalid("Empty header names are illegal.")],
  ["a body that began too early", raw("<!DOCTYPE html>"), {}, invalid("Illegal header '<!DOCTYPE html>'.")],
  ["a space in the name", message("X Mine: x"), {}, invalid("Illegal header 'X Mine'.")],
  [
    "a lone CR, which some take for a line's end",
    message("X-Mine: a\rBcc: b@example.org"),
    {},
    invalid("Illegal header 'X-Mine'."),
  ],
  ["a NUL", message("X-Mine: a\0b"), {}, invalid("Illegal header 'X-Mine'.")],
];

const ADDRESSES: Row[] = [
  [
    "a line break in Source, for a header of one's own",
    message(),
    { Source: "N\r\nBcc: all@example.org <n@example.org>" },
    CONTROL,
  ],
  ["a line break in a recipient", message(), to("a@example.org\r\nBcc: b@example.org"), CONTROL],
  ["a local part beyond 7 bits: SMTPUTF8", message(), to("grün@example.org"), CONTROL],
  ["a blank in the local part", message(), to("Karen Chan@example.org"), CONTROL],
  [
    "a domain beyond 7 bits: punycode is asked for",
    message(),
    to("a@grün.example.org"),
    invalid("Domain contains control or whitespace"),
  ],
  ["no domain", message(), to("root"), invalid("Missing final '@domain'")],
  ["an empty domain", message(), to("root@"), invalid("Missing domain")],
  ["no local part", message(), to("@example.org"), invalid("Missing local name")],
  ["two at signs", message(), to("a@b@example.org"), ILLEGAL],
  ["a bracket", message(), to("a[b@example.org"), ILLEGAL],
  [
    "an underscore in the domain",
    message(),
    to("a@ex_ample.org"),
    invalid("Domain contains illegal character"),
  ],
  ["a domain that starts with a dot", message(), to("a@.example.org"), invalid("Domain starts with dot")],
  ["two dots in the domain", message(), to("a@example..org"), invalid("Domain contains dot-dot")],
  ["an empty address", message(), to("Owner <>"), invalid("Illegal address")],
  ["two Sources", message(), { Source: "a@example.org, b@example.org" }, invalid("Illegal address")],
  [
    "From that is no address",
    raw("From: nobody", "To: b@example.org"),
    {},
    invalid("Missing final '@domain'"),
  ],
  ["no recipient at all", raw("From: a@example.org"), {}, invalid("Empty destination")],
];

/*
 * The SDK looks whether a message needs escaping with one regular expression over its base64. A process that has
 * compiled a megabyte of regular expressions (a worker of jest gets there) compiles the rest without optimization, and
 * such a one keeps a place to return to for every character: of ten megabytes, more than fits V8's stack. The first
 * character that needs escaping ends the search, and three question marks in a row are a "/" in base64.
 */
const TEN_MEGABYTES = Buffer.alloc(10 * 1024 * 1024, "???3456\r\n");

const SIZES: Row[] = [
  ["51 recipients", message(), to(...fifty, "one.more@example.org"), invalid("Recipient count exceeds 50.")],
  [
    "more than 10 MB",
    Buffer.concat([message(), TEN_MEGABYTES]),
    {},
    invalid("Message length is more than 10485760 bytes long: '10485850'."),
  ],
  [
    "a line of the body of 1001 characters",
    raw(...BASE, "", "x".repeat(999)),
    {},
    invalid("A line of the message is longer than 1000 characters."),
  ],
  [
    "a header line of 1001 characters",
    message(`X-Mine: ${"x".repeat(991)}`),
    {},
    invalid("A line of the message is longer than 1000 characters."),
  ],
];

const OPTIONS: Row[] = [
  [
    "an address as a tag",
    message(),
    { Tags: [{ Name: "to", Value: "a@b" }] },
    invalid("Invalid tag value <a@b>: only alphanumeric ASCII characters, '_', and '-' are allowed."),
  ],
  [
    "a tag in the message's header",
    message("X-SES-MESSAGE-TAGS: t o=1"),
    {},
    invalid("Invalid tag name <t o>: only alphanumeric ASCII characters, '_', and '-' are allowed."),
  ],
  [
    "no such configuration set",
    message(),
    { ConfigurationSetName: "none" },
    "ConfigurationSetDoesNotExistException: Configuration set <none> does not exist.",
  ],
  [
    "no such configuration set, in the message's header",
    message("X-SES-CONFIGURATION-SET: none"),
    {},
    "ConfigurationSetDoesNotExistException: Configuration set <none> does not exist.",
  ],
];

async function expectRefusal(call: Promise<unknown>, error: string): Promise<void> {
  expect(await failure(call)).toBe(error);
  expect(account.cloud.mails()).toEqual([]);
  expect(account.cloud.mailEvents()).toEqual([]);
}

describe.each([
  ["not verified", IDENTITIES],
  ["headers", HEADERS],
  ["addresses", ADDRESSES],
  ["sizes", SIZES],
  ["tags and configuration sets", OPTIONS],
])("SendRawEmail refuses and keeps nothing: %s", (_, rows) => {
  test.each(rows)("%s", async (_why, Data, input, error) => {
    await expectRefusal(account.ses.send(new SendRawEmailCommand({ RawMessage: { Data }, ...input })), error);
  });
});

describe("SendEmail refuses and keeps nothing", () => {
  const Source = "night@example.org";
  test.each([
    ["a line break in Source", { Source: "a@example.org\nBcc: b@example.org" }, CONTROL],
    ["a line break in a reply address", { ReplyToAddresses: ["a\r\nBcc: b@example.org"] }, CONTROL],
    [
      "a recipient that is none",
      { Destination: { ToAddresses: ["nobody"] } },
      invalid("Missing final '@domain'"),
    ],
    ["nobody", { Destination: {} }, invalid("Empty destination")],
  ])("%s", async (_why, change, error) => {
    const Message = { Subject: { Data: "s" }, Body: { Text: { Data: "t" } } };
    const input = { Source, Destination: { ToAddresses: ["owner@example.org"] }, Message, ...change };
    await expectRefusal(account.ses.send(new SendEmailCommand(input)), error);
  });
});
