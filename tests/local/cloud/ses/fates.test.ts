import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GetSendQuotaCommand } from "@aws-sdk/client-ses";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { RehearsedAccount } from "../rehearsed-account.ts";
import { type Correspondence, openCorrespondence } from "./correspondence.ts";

let ses: Correspondence;
let account: RehearsedAccount;
beforeEach(async () => {
  ses = await openCorrespondence();
  account = ses.account;
});
afterEach(() => account.close());

const bounceOf = (messageId: string) => ses.told(messageId)[1]?.detail.bounce;

const BOUNCED = ["Email Sent", "Email Bounced"];
const DELIVERED = ["Email Sent", "Email Delivered"];
const COMPLAINED = ["Email Sent", "Email Delivered", "Email Complaint Received"];
const ON_LIST = { bounceType: "Permanent", bounceSubType: "OnAccountSuppressionList" };

describe("the mailbox simulator", () => {
  test.each([
    ["success", DELIVERED, true],
    ["ooto", DELIVERED, true], // the automatic answer is a mail to the sender, and no event
    ["bounce", BOUNCED, false],
    ["complaint", COMPLAINED, true],
    ["suppressionlist", BOUNCED, false],
    ["Bounce+order-17", BOUNCED, false], // labels, and letters of any case
  ])("%s@", async (name, types, isDelivered) => {
    const address = `${name}@simulator.amazonses.com`;
    const id = await ses.send(address);
    expect(ses.typesOf(id)).toEqual(types);
    expect(ses.mailOf(id)?.deliveredTo).toEqual(isDelivered ? [address] : []);
  });

  test("bounces in two ways", async () => {
    const hard = await ses.send("bounce@simulator.amazonses.com");
    expect(bounceOf(hard)).toMatchObject({
      ...{ bounceType: "Permanent", bounceSubType: "General" },
      bouncedRecipients: [
        { emailAddress: "bounce@simulator.amazonses.com", action: "failed", status: "5.1.1" },
      ],
    });
    const listed = await ses.send("suppressionlist@simulator.amazonses.com");
    expect(bounceOf(listed)).toMatchObject(ON_LIST);
  });

  test("never gets onto the suppression list", async () => {
    for (const name of ["bounce", "complaint"]) {
      await ses.send(`${name}@simulator.amazonses.com`);
      account.wait(3600);
    }
    expect(bounceOf(await ses.send("bounce@simulator.amazonses.com"))).toMatchObject({
      bounceSubType: "General",
    });
    expect(ses.typesOf(await ses.send("complaint@simulator.amazonses.com"))).toEqual(COMPLAINED);
  });
});

describe("addresses whose fate a test decides", () => {
  test.each([
    ["bounce", BOUNCED, { bounceType: "Permanent", bounceSubType: "General" }],
    ["transient", BOUNCED, { bounceType: "Transient", bounceSubType: "MailboxFull" }],
    ["complaint", COMPLAINED, undefined],
    ["deliver", DELIVERED, undefined],
  ] as const)("%s", async (fate, types, bounce) => {
    account.cloud.setFate("Customer@example.net", fate);
    const id = await ses.send("customer@example.net");
    expect(ses.typesOf(id)).toEqual(types);
    if (bounce !== undefined) expect(bounceOf(id)).toMatchObject(bounce);
  });

  test("a mailbox that was full takes mail again", async () => {
    account.cloud.setFate("a@example.net", "transient");
    await ses.send("a@example.net");
    account.wait(3600);
    account.cloud.setFate("a@example.net", "deliver");
    expect(ses.typesOf(await ses.send("a@example.net"))).toEqual(DELIVERED);
  });
});

describe("the account's suppression list", () => {
  test("after a hard bounce: accepted, not delivered, told as a bounce; also once the mailbox exists", async () => {
    account.cloud.setFate("gone@example.net", "bounce");
    await ses.send("gone@example.net");
    account.wait(3600);
    account.cloud.setFate("gone@example.net", "deliver");
    const id = await ses.send("Gone@Example.net");
    expect(bounceOf(id)).toMatchObject({
      ...ON_LIST,
      bouncedRecipients: [{ emailAddress: "Gone@Example.net" }],
    });
    expect(ses.mailOf(id)?.deliveredTo).toEqual([]);
    const { SentLast24Hours } = await account.ses.send(new GetSendQuotaCommand({}));
    expect(SentLast24Hours).toBe(2);
  });

  test("after a complaint: told as a complaint of that subtype, without a delivery", async () => {
    account.cloud.setFate("cross@example.net", "complaint");
    await ses.send("cross@example.net");
    account.wait(3600);
    const id = await ses.send("cross@example.net");
    expect(ses.typesOf(id)).toEqual(["Email Sent", "Email Complaint Received"]);
    const complaint = ses.told(id)[1]?.detail.complaint;
    expect(complaint).toMatchObject({ complaintSubType: "OnAccountSuppressionList" });
    expect(complaint).not.toHaveProperty("complaintFeedbackType");
  });

  test("holds from the bounce on, not from the mail on", async () => {
    account.cloud.setFate("gone@example.net", "bounce");
    await ses.send("gone@example.net");
    expect(bounceOf(await ses.send("gone@example.net"))).toMatchObject({ bounceSubType: "General" });
  });

  test("is each region's own", async () => {
    account.cloud.setFate("gone@example.net", "bounce");
    await ses.send("gone@example.net");
    account.wait(3600);
    const id = await ses.send("gone@example.net", { region: "eu-west-1" });
    expect(bounceOf(id)).toMatchObject({ bounceSubType: "General" });
  });
});

test("one message, several fates: the file lies in the mailbox, and every fate is told once", async () => {
  account.cloud.setFate("gone@example.net", "bounce");
  account.cloud.setFate("cross@example.net", "complaint");
  const id = await ses.send(["a@example.com", "gone@example.net", "cross@example.net", "b@example.net"]);
  expect(ses.typesOf(id)).toEqual([
    "Email Sent",
    "Email Delivered",
    "Email Bounced",
    "Email Complaint Received",
  ]);
  const [, delivered, bounced, complained] = ses.told(id).map(({ detail }) => detail);
  expect(delivered?.delivery).toMatchObject({
    recipients: ["a@example.com", "cross@example.net", "b@example.net"],
  });
  expect(bounced?.bounce).toMatchObject({ bouncedRecipients: [{ emailAddress: "gone@example.net" }] });
  // Providers hide who it was: SES names everybody of the message in that domain.
  expect(complained?.complaint).toMatchObject({
    complainedRecipients: ["gone", "cross", "b"].map((name) => ({ emailAddress: `${name}@example.net` })),
  });
});

test("delivered mail and mail that reached nobody lie in folders of their own", async () => {
  const there = ses.mailOf(await ses.send("success@simulator.amazonses.com"))?.file ?? "";
  const lost = ses.mailOf(await ses.send("bounce@simulator.amazonses.com"))?.file ?? "";
  expect([dirname(there), dirname(lost)]).toEqual(
    ["mail", "undelivered-mail"].map((name) => join(account.cloud.folder, name)),
  );
  expect(readFileSync(lost, "utf8")).toContain("Subject: hi");
});

test.each([
  ["plain", "X5O!...EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"],
  [
    "in base64",
    `--b\r\n\r\n${Buffer.from("X5O!...EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").toString("base64").replace(/.{20}/g, "$&\r\n")}`,
  ],
])("a virus %s is accepted, and rejected", async (_, body) => {
  const id = await ses.send("a@example.net", { body });
  expect(ses.typesOf(id)).toEqual(["Email Sent", "Email Rejected"]);
  expect(ses.told(id)[1]?.detail.reject).toEqual({ reason: "Bad content" });
  expect(ses.mailOf(id)?.deliveredTo).toEqual([]);
});
