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
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

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

function send(Data: Uint8Array, input: Partial<SendRawEmailCommandInput> = {}, region = "us-east-1") {
  account.wait(1); // the sandbox's rate
  return account.in(region).ses.send(new SendRawEmailCommand({ RawMessage: { Data }, ...input }));
}

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
  expect(text).toMatch(/^Date: Fri, 20 Nov 2026 12:00:01 \+0000\r$/m);
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

test("Received may stand twice, and so may what SES does not know", async () => {
  await send(message("Received: a", "Received: b", "X-Mine: 1", "X-Mine: 2"));
});

test("tags in the message's own header count when the request has none", async () => {
  await send(message("X-SES-MESSAGE-TAGS: kind=statement, month=2026-11"));
  expect(account.cloud.mails().at(-1)?.tags).toEqual({ kind: "statement", month: "2026-11" });
});

test("fifty recipients of SendEmail stand on folded lines", async () => {
  account.wait(1);
  const ToAddresses = Array.from(
    { length: 50 },
    (_, index) => `Reader ${index} <reader-${index}@example.org>`,
  );
  const Message = { Subject: { Data: "all" }, Body: { Text: { Data: "text" } } };
  await account.ses.send(
    new SendEmailCommand({ Source: "night@example.org", Destination: { ToAddresses }, Message }),
  );
  account.wait(50);
  const text = await readFile(account.cloud.mails().at(-1)?.file ?? "", "latin1");
  expect(text.replaceAll("\r\n ", " ")).toContain(`To: ${ToAddresses.join(", ")}\r\n`);
});

test("a configuration set that exists is accepted", async () => {
  await account.ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: "events" } }));
  await send(message(), { ConfigurationSetName: "events" });
});

test("SendEmail: SES composes", async () => {
  account.wait(1);
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
  const here = account.cloud.mails().filter(({ region }) => region === "us-east-1");
  const recipients = here.reduce((sum, { destinations }) => sum + destinations.length, 0);
  const quota = await account.ses.send(new GetSendQuotaCommand({}));
  expect(quota).toMatchObject({ Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: recipients });
  const { SendDataPoints } = await account.ses.send(new GetSendStatisticsCommand({}));
  expect(SendDataPoints?.[0]?.DeliveryAttempts).toBe(here.length);
  account.wait(86_400);
  expect((await account.ses.send(new GetSendQuotaCommand({}))).SentLast24Hours).toBe(0);
});
