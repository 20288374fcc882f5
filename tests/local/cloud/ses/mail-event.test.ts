import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetSendStatisticsCommand } from "@aws-sdk/client-ses";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { RehearsedAccount } from "../rehearsed-account.ts";
import { type Correspondence, HEAD, openCorrespondence } from "./correspondence.ts";

let ses: Correspondence;
let account: RehearsedAccount;
beforeEach(async () => {
  ses = await openCorrespondence();
  account = ses.account;
});
afterEach(() => account.close());

test("events carry the message as it was given, the tags, and nothing that a sample lacks", async () => {
  const id = await ses.send("complaint@simulator.amazonses.com", {
    headers: ["Cc: x@example.org", "X-SES-FOO: 1"],
  });
  const [sent, , complaint] = ses.told(id);
  expect(sent?.detail.mail).toEqual({
    timestamp: "2026-11-20T12:00:00.080Z", // two calls at 40 ms
    source: "night@example.org",
    sourceArn: "arn:aws:ses:us-east-1:123456789012:identity/night@example.org",
    sendingAccountId: "123456789012",
    messageId: id,
    destination: ["complaint@simulator.amazonses.com"],
    headersTruncated: false,
    headers: [...HEAD, "Cc: x@example.org", "X-SES-FOO: 1"].map((line) => {
      const [name, value] = line.split(": ");
      return { name, value };
    }),
    commonHeaders: {
      ...{ from: ["Night <night@example.org>"], to: ["list@example.org"], cc: ["x@example.org"] },
      ...{ subject: "hi", messageId: "<ours@example.org>" },
    },
    tags: {
      "ses:configuration-set": ["nightshift-test"],
      "ses:source-ip": ["127.0.0.1"],
      "ses:from-domain": ["example.org"],
      "nightshift-send": ["key"],
    },
  });
  expect(complaint?.event).toMatchObject({
    source: "aws.ses",
    region: "us-east-1",
    time: "2026-11-20T12:00:30Z",
  });
  expect(complaint?.detail.mail).toEqual(sent?.detail.mail);
});

test.each([
  ["sent", 0, "success@simulator.amazonses.com"],
  ["delivered", 1, "success@simulator.amazonses.com"],
  ["bounced", 1, "bounce@simulator.amazonses.com"],
  ["complaint", 2, "complaint@simulator.amazonses.com"],
])("the sample of %s has the fields that the cloud tells", async (name, index, address) => {
  const id = await ses.send(address);
  const file = join(import.meta.dirname, `../../../../events/samples/ses-email-${name}.json`);
  const sample = JSON.parse(readFileSync(file, "utf8"));
  const told = ses.told(id)[index];
  const fieldsOf = (value: object) => Object.keys(value).sort();
  if (told === undefined) throw new Error("nothing was told");
  const { mail, eventType, ...facts } = told.detail;
  expect(fieldsOf(told.event)).toEqual(fieldsOf(sample));
  expect(told.type).toBe(sample["detail-type"]);
  expect(eventType).toBe(sample.detail.eventType);
  expect(fieldsOf(mail)).toEqual(fieldsOf(sample.detail.mail));
  const [kind = ""] = Object.keys(facts);
  expect(fieldsOf(facts[kind] as object)).toEqual(fieldsOf(sample.detail[kind]));
});

test("headers beyond 10 KB are cut off in events", async () => {
  const headers = Array.from({ length: 20 }, (_, index) => `X-Long-${index}: ${"x".repeat(900)}`);
  const id = await ses.send("a@example.net", { headers });
  const mail = ses.told(id)[0]?.detail.mail;
  expect(mail?.headersTruncated).toBe(true);
  expect(mail?.headers).toHaveLength(4 + 11);
});

test("statistics leave out the simulator and the suppression list", async () => {
  account.cloud.setFate("gone@example.net", "bounce");
  account.cloud.setFate("full@example.net", "transient");
  account.cloud.setFate("cross@example.net", "complaint");
  for (const name of ["gone", "full", "cross", "fine"]) await ses.send(`${name}@example.net`);
  for (const name of ["bounce", "complaint"]) await ses.send(`${name}@simulator.amazonses.com`);
  await ses.send("a@example.net", { body: "EICAR-STANDARD-ANTIVIRUS-TEST-FILE" });
  account.wait(900);
  await ses.send("gone@example.net");
  const { SendDataPoints } = await account.ses.send(new GetSendStatisticsCommand({}));
  expect(SendDataPoints).toEqual([
    {
      Timestamp: new Date("2026-11-20T12:00:00Z"),
      DeliveryAttempts: 7,
      Bounces: 2,
      Complaints: 1,
      Rejects: 1,
    },
    {
      Timestamp: new Date("2026-11-20T12:15:00Z"),
      DeliveryAttempts: 1,
      Bounces: 0,
      Complaints: 0,
      Rejects: 0,
    },
  ]);
});
