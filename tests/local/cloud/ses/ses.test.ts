import { readFile } from "node:fs/promises";
import {
  CreateConfigurationSetCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  GetSendStatisticsCommand,
  ListIdentitiesCommand,
  SendEmailCommand,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
  VerifyEmailIdentityCommand,
} from "@aws-sdk/client-ses";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount();
  account.cloud.verifyIdentity("example.org"); // a domain stands for all of its addresses
  account.cloud.verifyIdentity("friend@example.net");
});
afterAll(() => account.close());

function message(...headers: string[]): Uint8Array {
  const all = [
    "From: Night Shift <night@example.org>",
    "To: owner@example.org",
    "Subject: hello",
    ...headers,
  ];
  return Buffer.from([...all, "", "the body", ""].join("\r\n"));
}

const send = (Data: Uint8Array, input: Partial<SendRawEmailCommandInput> = {}, region = "us-east-1") =>
  account.in(region).ses.send(new SendRawEmailCommand({ RawMessage: { Data }, ...input }));

test("an accepted mail goes into the mailbox as SES would send it", async () => {
  const tags = [{ Name: "nightshift-send", Value: "k_1" }];
  const headers = [
    "Message-ID: <ours@example.org>",
    "Date: Thu, 1 Jan 1970 00:00:00 +0000",
    "References: <thread@example.org>",
    "X-SES-MESSAGE-TAGS: a=b",
    "Bcc: hidden@example.org",
    "X-Folded: one\r\n two",
  ];
  const { MessageId = "" } = await send(message(...headers), { Source: "night@example.org", Tags: tags });
  const [mail] = account.cloud.mails();
  expect(mail).toMatchObject({
    messageId: MessageId,
    source: "night@example.org",
    destinations: ["owner@example.org", "hidden@example.org"],
    tags: { "nightshift-send": "k_1" },
  });
  const text = await readFile(mail?.file ?? "", "latin1");
  expect(text).toContain(`Message-ID: <${MessageId}@email.amazonses.com>\r\n`);
  expect(text).toMatch(/^Date: Fri, 20 Nov 2026 12:00:00 \+0000\r$/m);
  expect(text).toContain("References: <thread@example.org>\r\n"); // kept
  expect(text).toContain("X-Folded: one\r\n two\r\n");
  expect(text).toMatch(/\r\n\r\nthe body\r\n$/);
  for (const gone of ["ours@example.org", "1970", "X-SES-", "hidden@"]) expect(text).not.toContain(gone);
});

test("other regions have a domain of their own in the Message-ID", async () => {
  const { MessageId } = await send(message(), {}, "eu-west-1");
  const text = await readFile(account.cloud.mails().at(-1)?.file ?? "", "utf8");
  expect(text).toContain(`<${MessageId}@eu-west-1.amazonses.com>`);
});

describe("refused", () => {
  const unverified = (name: string) =>
    new RegExp(
      `^MessageRejected: Email address is not verified. The following identities failed the check in region US-EAST-1: ${name}$`,
    );
  const many = Array.from({ length: 51 }, (_, index) => `r${index}@example.org`);
  const rows: [why: string, data: Uint8Array, input: Partial<SendRawEmailCommandInput>, error: RegExp][] = [
    ["Source not verified", message(), { Source: "who@example.com" }, unverified("who@example.com")],
    [
      "From not verified",
      Buffer.from("From: a@example.com\r\nTo: b@example.org\r\n\r\n"),
      { Source: "night@example.org" },
      unverified("a@example.com"),
    ],
    ["Sender not verified", message("Sender: s@example.com"), {}, unverified("s@example.com")],
    [
      "a recipient, in the sandbox",
      message(),
      { Destinations: ["x@example.com"] },
      unverified("x@example.com"),
    ],
    ["a header twice", message("Subject: again"), {}, /^InvalidParameterValue: Duplicate header 'Subject'/],
    [
      "two signatures",
      message("DKIM-Signature: 1", "DKIM-Signature: 2"),
      {},
      /^InvalidParameterValue: Duplicate header 'DKIM-Signature'/,
    ],
    [
      "51 recipients",
      message(),
      { Destinations: many },
      /^InvalidParameterValue: Recipient count exceeds 50/,
    ],
    [
      "no From",
      Buffer.from("To: b@example.org\r\n\r\n"),
      {},
      /^InvalidParameterValue: Missing required header 'From'/,
    ],
    [
      "more than 10 MB",
      Buffer.concat([message(), Buffer.alloc(10 * 1024 * 1024)]),
      {},
      /^InvalidParameterValue: Message length is more than 10485760 bytes/,
    ],
    [
      "an address as a tag",
      message(),
      { Tags: [{ Name: "to", Value: "a@b" }] },
      /^InvalidParameterValue: Invalid tag value/,
    ],
    [
      "no such configuration set",
      message(),
      { ConfigurationSetName: "none" },
      /^ConfigurationSetDoesNotExist.*: Configuration set <none> does not exist/,
    ],
  ];
  test.each(rows)("%s", async (_why, data, input, error) => {
    const before = account.cloud.mails().length;
    expect(await failure(send(data, input))).toMatch(error);
    expect(account.cloud.mails()).toHaveLength(before);
  });
});

test("Received may stand twice, and so may what SES does not know", async () => {
  await send(message("Received: a", "Received: b", "X-Mine: 1", "X-Mine: 2"));
});

test("a configuration set that exists is accepted", async () => {
  await account.ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: "events" } }));
  await send(message(), { ConfigurationSetName: "events" });
});

test("SendEmail: SES composes", async () => {
  await account.ses.send(
    new SendEmailCommand({
      Source: "night@example.org",
      Destination: { ToAddresses: ["owner@example.org"], BccAddresses: ["friend@example.net"] },
      Message: { Subject: { Data: "grün" }, Body: { Text: { Data: "text" }, Html: { Data: "<p>html</p>" } } },
    }),
  );
  const mail = account.cloud.mails().at(-1);
  expect(mail?.destinations).toEqual(["owner@example.org", "friend@example.net"]);
  const text = await readFile(mail?.file ?? "", "latin1");
  expect(text).toContain("Subject: =?UTF-8?B?Z3LDvG4=?=");
  expect(text).toContain("multipart/alternative");
  expect(text).not.toContain("friend@example.net");
});

test("identities and quota", async () => {
  await account.ses.send(new VerifyEmailIdentityCommand({ EmailAddress: "new@example.com" }));
  const { Identities } = await account.ses.send(new ListIdentitiesCommand({ IdentityType: "EmailAddress" }));
  expect(Identities).toEqual(["friend@example.net", "new@example.com"]);
  const attributes = await account.ses.send(
    new GetIdentityVerificationAttributesCommand({
      Identities: ["new@example.com", "example.org", "no@example.com"],
    }),
  );
  expect(attributes.VerificationAttributes).toEqual({
    "new@example.com": { VerificationStatus: "Success" },
    "example.org": { VerificationStatus: "Success" },
  });
  const recipients = account.cloud.mails().reduce((sum, { destinations }) => sum + destinations.length, 0);
  const quota = await account.ses.send(new GetSendQuotaCommand({}));
  expect(quota).toMatchObject({ Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: recipients });
  const { SendDataPoints } = await account.ses.send(new GetSendStatisticsCommand({}));
  expect(SendDataPoints?.[0]?.DeliveryAttempts).toBe(account.cloud.mails().length);
  account.wait(86_400);
  expect((await account.ses.send(new GetSendQuotaCommand({}))).SentLast24Hours).toBe(0);
});
