import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, test } from "@jest/globals";
import { handler as liftSuppression } from "../../../../functions/mail/handlers/lift-suppression.ts";
import { handler as recordOutcome } from "../../../../functions/mail/handlers/record-outcome.ts";
import { handler as sendNotice } from "../../../../functions/mail/handlers/send-notice.ts";
import { handler as sendNotices } from "../../../../functions/mail/handlers/send-notices.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";
import { NIGHT_REPORT } from "../fakes/night-report.ts";
import { PREFIX, paymentNotice } from "../fakes/notice-desk.ts";

let open: OpenStage;
afterEach(() => open.close());

/** Opens the stage, lays notices out in files of two, and verifies what the owner would have verified. */
async function enter(notices: readonly object[], ...faults: string[]): Promise<void> {
  open = await openStage(...faults);
  open.stage.cloud.verifyIdentity("example.org");
  const { bucket: Bucket, region } = open.settings();
  const client = new S3Client({ region });
  for (let at = 0; at < notices.length; at += 2) {
    const Body = notices.slice(at, at + 2).map((one) => `${JSON.stringify(one)}\n`);
    const Key = `${PREFIX}${String(at).padStart(5, "0")}-000000.jsonl`;
    await client.send(new PutObjectCommand({ Bucket, Key, Body: Body.join("") }));
  }
}

const run = (sofar?: object) => open.call(sendNotices, { prefix: PREFIX, ...(sofar && { sofar }) });
const notice = (account: string) => paymentNotice(account, `${account}@example.org`);
const recipients = () => open.stage.cloud.mails().flatMap(({ destinations }) => destinations);

/** Lets time pass until SES has told all, and hands it to the function. */
async function hearAll(): Promise<void> {
  open.stage.clock.advance(3_600_000);
  for (const { event } of open.stage.cloud.mailEvents()) await open.call(recordOutcome, event);
}

describe("the notices of a night", () => {
  test("go out from the bucket, once, at the sandbox's rate of one a second", async () => {
    await enter(["a1", "a2", "a3"].map(notice));
    const before = open.stage.clock.now().getTime();
    expect(await run()).toMatchObject({ done: true, sofar: { sent: 3, refused: [] } });
    expect(recipients()).toEqual(["a1@example.org", "a2@example.org", "a3@example.org"]);
    expect(open.stage.clock.now().getTime() - before).toBeGreaterThanOrEqual(2000);
    expect(await run()).toMatchObject({ done: true, sofar: { sent: 0, already: 3 } });
    expect(recipients()).toHaveLength(3);
  });

  test("to somebody whom the sandbox does not know are refused, and the others go", async () => {
    await enter([paymentNotice("a1", "stranger@example.net"), notice("a2")]);
    const { sofar } = await run();
    expect(sofar).toMatchObject({
      sent: 1,
      refused: [expect.stringMatching(/^stranger@example.net: SES refused .*not verified/)],
    });
  });

  test("whose answer is lost are come back to, and hold up no other", async () => {
    await enter(["a1", "a2"].map(notice), "ses:SendRawEmail:InternalFailure");
    const first = await run();
    expect(first).toMatchObject({ done: false, waitSeconds: 60, sofar: { sent: 1 } });
    open.stage.clock.advance(180_000); // SES had not taken it, so no event comes
    expect(await run(first.sofar)).toMatchObject({ done: true, sofar: { sent: 2, open: [] } });
    expect(recipients()).toEqual(["a2@example.org", "a1@example.org"]);
  });

  test("that SES finds too fast go a second later", async () => {
    await enter(["a1", "a2", "a3"].map(notice), "ses:SendRawEmail:Throttling");
    expect(await run()).toMatchObject({ done: true, sofar: { sent: 3, open: [] } });
    expect(recipients()).toEqual(["a1@example.org", "a2@example.org", "a3@example.org"]);
  });

  test.each([
    { prefix: "usage/2026-11-22/", why: "it may read nothing else" },
    { prefix: "", why: "everything is no night" },
  ])("are not looked for in '$prefix': $why", async ({ prefix }) => {
    await enter([]);
    await expect(open.call(sendNotices, { prefix })).rejects.toMatchObject({
      name: "InvalidInputError",
      message: expect.stringContaining("prefix"),
    });
  });
});

describe("an address that bounces", () => {
  const bouncing = () => paymentNotice("a1", "bounce@simulator.amazonses.com");

  test("gets no more mail, until its suppression is lifted; and an event of before does not bring it back", async () => {
    await enter([]);
    expect(await open.call(sendNotice, { notice: bouncing() })).toMatchObject({ sent: 1 });
    await hearAll();
    const next = { notice: { ...bouncing(), id: "payment/a1/p2" } };
    expect(await open.call(sendNotice, next)).toEqual({ sent: 0, already: 0, suppressed: 1, refused: [] });
    const lift = { address: "Bounce@Simulator.amazonses.com" };
    expect(await open.call(liftSuppression, lift)).toEqual({ ...lift, lifted: true });
    expect(await open.call(liftSuppression, lift)).toEqual({ ...lift, lifted: false });
    await hearAll();
    expect(await open.call(sendNotice, next)).toMatchObject({ sent: 1, suppressed: 0 });
  });
});

describe("one notice", () => {
  test("goes out once, the owner's report from the owner's sender", async () => {
    await enter([]);
    const result = { already: 0, suppressed: 0, refused: [] };
    expect(await open.call(sendNotice, { notice: NIGHT_REPORT })).toEqual({ ...result, sent: 1 });
    expect(await open.call(sendNotice, { notice: NIGHT_REPORT })).toEqual({ ...result, sent: 0, already: 1 });
    expect(open.stage.cloud.mails()).toMatchObject([{ source: open.stage.fleet.owner.from }]);
  });

  test("that SES refuses is told, not thrown", async () => {
    await enter([]);
    const refused = paymentNotice("a1", "stranger@example.net");
    expect(await open.call(sendNotice, { notice: refused })).toMatchObject({
      sent: 0,
      refused: [expect.stringContaining("stranger@example.net")],
    });
  });

  test("in doubt is an error, which its Task waits for", async () => {
    await enter([], "ses:SendRawEmail:InternalFailure");
    await expect(open.call(sendNotice, { notice: NIGHT_REPORT })).rejects.toMatchObject({
      name: "TransientError",
    });
    await expect(open.call(sendNotice, { notice: NIGHT_REPORT })).rejects.toMatchObject({
      name: "SendInDoubtError",
    });
  });

  test("that is none is refused, with the field named", async () => {
    await enter([]);
    await expect(open.call(sendNotice, { notice: { ...notice("a1"), to: 7 } })).rejects.toMatchObject({
      name: "InvalidInputError",
      message: expect.stringContaining("notice"),
    });
  });
});
