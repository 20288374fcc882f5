import { afterEach, describe, expect, test } from "@jest/globals";
import type { Settings } from "#platform";
import { sesMailQuota } from "../../../../functions/mail/adapters/ses-mail-quota.ts";
import { sesMailSender } from "../../../../functions/mail/adapters/ses-mail-sender.ts";
import type { Message } from "../../../../functions/mail/message.ts";
import type { CloudOptions } from "../../../../local/cloud/contract.ts";
import { enterEnvironment, FREEBSD_NOWHERE } from "../../../../local/rehearsal/environment.ts";
import { createConfigurationSet } from "../../../../local/rehearsal/prepared-account.ts";
import { openRehearsedAccount, type RehearsedAccount } from "../../../local/cloud/rehearsed-account.ts";

const SETTINGS: Settings = {
  stage: "test",
  region: "us-east-1",
  functionName: "nightshift-test-mail-send-notices",
  fleetFile: "fleet.json",
  sshPort: 22,
  bucket: "nightshift-test",
  twilioUrl: "https://twilio.invalid",
  ...FREEBSD_NOWHERE,
};
const MESSAGE: Message = {
  id: "low/a1/2026-11-22",
  from: "accounts@example.org",
  to: ["a@example.net"],
  subject: "Hello",
  text: "Hello.\n",
};
const KEY = "5f0c1d2e3b4a5f6e7d8c9b0a1f2e3d4c5b6a7980";
const OUT_OF_SANDBOX = { sandbox: false, mailsPerDay: 50_000, mailsPerSecond: 14 };

let account: RehearsedAccount;
let leave = (): void => undefined;
afterEach(async () => {
  leave();
  await account.close();
});

async function enter(options: Partial<CloudOptions>, isPrepared = true): Promise<void> {
  account = await openRehearsedAccount(options);
  account.cloud.verifyIdentity("example.org");
  const { url } = account.door;
  leave = enterEnvironment({ ...SETTINGS, endpoint: url });
  if (!isPrepared) return;
  const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
  await createConfigurationSet("test", { region: SETTINGS.region, endpoint: url, credentials });
}

const send = (change: Partial<Message> = {}, recipient = "a@example.net") =>
  sesMailSender(SETTINGS).send({ ...MESSAGE, ...change }, recipient, KEY);

describe("what SES allows", () => {
  test.each([
    { ses: { ...OUT_OF_SANDBOX, mailsPerDay: 3 }, allowance: { perSecond: 14, left: 2 }, why: "one is sent" },
    {
      ses: { ...OUT_OF_SANDBOX, mailsPerDay: 1 },
      allowance: { perSecond: 14, left: 0 },
      why: "all are sent",
    },
    {
      ses: { ...OUT_OF_SANDBOX, mailsPerSecond: 0.5 },
      allowance: { perSecond: 0.5, left: 49_999 },
      why: "slow",
    },
  ])("$why", async ({ ses, allowance }) => {
    await enter({ ses });
    await send();
    expect(await sesMailQuota(SETTINGS).allowance()).toEqual(allowance);
  });

  test.each([
    {
      ses: { ...OUT_OF_SANDBOX, mailsPerDay: -1 },
      allowance: { perSecond: 14, left: Number.POSITIVE_INFINITY },
      why: "-1 is without a bound",
    },
    {
      ses: { ...OUT_OF_SANDBOX, mailsPerSecond: 0 },
      allowance: { perSecond: 0, left: 0 },
      why: "without a rate, nothing is left of the day either",
    },
  ])("$why", async ({ ses, allowance }) => {
    await enter({ ses });
    expect(await sesMailQuota(SETTINGS).allowance()).toEqual(allowance);
  });
});

describe("what SES answers", () => {
  test("its id, which its events tell of", async () => {
    await enter({ ses: OUT_OF_SANDBOX });
    const id = await send({ html: "<p>Hello.</p>" });
    expect(account.cloud.mails()).toMatchObject([{ messageId: id, tags: { "nightshift-send": KEY } }]);
  });

  const rows: { why: string; set: () => Promise<unknown>; call?: () => Promise<unknown>; error: object }[] = [
    {
      why: "in the sandbox, a recipient who is not verified is refused",
      set: () => enter({}),
      error: { name: "MailRefusedError", message: expect.stringContaining("a@example.net") },
    },
    {
      why: "a sender who is not verified is nobody else's fault",
      set: () => enter({ ses: OUT_OF_SANDBOX }),
      call: () => send({ from: "accounts@example.com" }),
      error: { name: "SenderRefusedError", message: expect.stringContaining("accounts@example.com") },
    },
    {
      why: "a recipient whose address ends like the sender's is not taken for the sender",
      set: () => enter({}),
      call: () => send({}, "other-accounts@example.org.example"),
      error: { name: "MailRefusedError" },
    },
    {
      why: "the second mail within a second is too fast",
      set: async () => {
        await enter({ ses: { ...OUT_OF_SANDBOX, mailsPerSecond: 1 } });
        await send();
      },
      error: { name: "SendingTooFastError" },
    },
    {
      why: "the second mail of a day of one is too much",
      set: async () => {
        await enter({ ses: { ...OUT_OF_SANDBOX, mailsPerDay: 1 } });
        await send();
      },
      error: { name: "QuotaUsedUpError" },
    },
    {
      why: "an internal error says nothing",
      set: () => enter({ ses: OUT_OF_SANDBOX, faults: [fault("InternalFailure")] }),
      error: { name: "AnswerLostError", message: expect.stringContaining("InternalFailure") },
    },
    {
      why: "a door that is closed says nothing",
      set: async () => {
        await enter({ ses: OUT_OF_SANDBOX });
        await account.door.close();
      },
      error: { name: "AnswerLostError" },
    },
    {
      why: "another fault of ours keeps its name: the configuration set is missing",
      set: () => enter({ ses: OUT_OF_SANDBOX }, false),
      error: { name: "ConfigurationSetDoesNotExistException", $fault: "client" },
    },
  ];
  test.each(rows)("$why", async ({ set, call = send, error }) => {
    await set();
    await expect(call()).rejects.toMatchObject(error);
  });
});

function fault(code: string) {
  return { service: "ses" as const, operation: "SendRawEmail", code, region: undefined, remaining: 1 };
}
