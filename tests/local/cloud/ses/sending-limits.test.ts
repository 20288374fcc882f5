import { GetSendQuotaCommand, SendRawEmailCommand } from "@aws-sdk/client-ses";
import { afterEach, expect, test } from "@jest/globals";
import type { SesAccess } from "../../../../local/cloud/contract.ts";
import { failure, openRehearsedAccount, type RehearsedAccount } from "../rehearsed-account.ts";

const TOO_FAST = "Throttling: Maximum sending rate exceeded.";
const TOO_MANY = "Throttling: Daily message quota exceeded.";
const SIMULATOR = "success@simulator.amazonses.com";

let account: RehearsedAccount;
afterEach(() => account.close());

async function open(ses?: SesAccess): Promise<void> {
  account = await openRehearsedAccount(ses === undefined ? {} : { ses });
  account.cloud.verifyIdentity("example.org");
}

function send(Destinations = ["owner@example.org"], region = "us-east-1") {
  const Data = Buffer.from("From: n@example.org\r\n\r\ntext\r\n");
  return account.in(region).ses.send(new SendRawEmailCommand({ RawMessage: { Data }, Destinations }));
}

const outside = (mailsPerDay: number, mailsPerSecond: number) =>
  open({ sandbox: false, mailsPerDay, mailsPerSecond });
const recipients = (count: number) => Array.from({ length: count }, (_, index) => `r${index}@example.com`);
const quota = async () => {
  const { Max24HourSend, MaxSendRate, SentLast24Hours } = await account.ses.send(new GetSendQuotaCommand({}));
  return [Max24HourSend, MaxSendRate, SentLast24Hours];
};

test("the sandbox takes one mail a second, and a refused one does not count", async () => {
  await open(); // each call takes 40 ms
  await send();
  expect(await failure(send())).toBe(TOO_FAST);
  account.wait(0.87);
  expect(await failure(send())).toBe(TOO_FAST); // 0.95 s after the first
  account.wait(0.01);
  await send(); // 1 s after the first
  expect(await quota()).toEqual([200, 1, 2]);
});

test("the sandbox lets anybody write to the simulator", async () => {
  await open();
  await send([SIMULATOR]);
  expect(await quota()).toEqual([200, 1, 0]);
});

test("outside of it anybody may be written to, as fast as was granted", async () => {
  await outside(50_000, 14);
  for (let count = 0; count < 14; count += 1) await send(["stranger@example.com"]);
  expect(await failure(send(["stranger@example.com"]))).toBe(TOO_FAST);
  account.wait(1);
  await send(["stranger@example.com"]);
  expect(await quota()).toEqual([50_000, 14, 15]);
});

test("the rate counts recipients; a message with more of them than a second allows needs a second of its own", async () => {
  await outside(1000, 5);
  await send(recipients(3));
  expect(await failure(send(recipients(3)))).toBe(TOO_FAST);
  await send(recipients(2));
  expect(await failure(send(recipients(10)))).toBe(TOO_FAST);
  account.wait(1);
  await send(recipients(10));
  expect(await failure(send(recipients(1)))).toBe(TOO_FAST);
});

test("the day counts recipients, and forgets them after 24 hours one by one", async () => {
  await outside(10, 50);
  await send(recipients(6));
  account.wait(3600);
  expect(await failure(send(recipients(5)))).toBe(TOO_MANY);
  await send(recipients(4));
  expect(await failure(send(recipients(1)))).toBe(TOO_MANY);
  account.wait(23 * 3600); // the six are a day old, the four are not
  expect(await quota()).toEqual([10, 50, 4]);
  await send(recipients(6));
  expect(await failure(send(recipients(1)))).toBe(TOO_MANY);
});

test("the simulator counts towards the rate and not towards the day", async () => {
  await outside(1, 2);
  await send([SIMULATOR, SIMULATOR]);
  expect(await failure(send([SIMULATOR]))).toBe(TOO_FAST);
  account.wait(1);
  await send(["owner@example.org", SIMULATOR]);
  account.wait(1);
  await send([SIMULATOR]); // although the day is used up
  account.wait(1);
  expect(await failure(send())).toBe(TOO_MANY);
  expect(await quota()).toEqual([1, 2, 1]);
});

test("each region has quotas of its own", async () => {
  await outside(1, 1);
  await send();
  await send(undefined, "eu-west-1");
  account.wait(1);
  expect(await failure(send())).toBe(TOO_MANY);
});
