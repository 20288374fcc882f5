import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Telling } from "../../../../functions/monitor/telling/ports.ts";
import { SILENCE } from "../../../../functions/monitor/telling/twiml.ts";
import { signedRequest } from "./fakes/signed-request.ts";
import { COLIN, openScene, type Scene } from "./fakes/telling-scene.ts";

const KEY = "12/3/colin/sms";
const TELLING: Telling = { key: KEY, contact: COLIN, channel: "sms", text: "ALARM [12.3]" };

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  scene.desk.open(12, "colin");
  await scene.outbox.claim(TELLING, scene.clock.now());
});
afterEach(() => scene.close());

async function tell(fields: Record<string, string>, key = KEY): Promise<void> {
  const { statusCode, body } = await scene.ask("delivery", signedRequest("delivery", `key=${key}`, fields));
  expect([statusCode, body]).toEqual([200, SILENCE]);
}
const sms = (MessageStatus: string, ErrorCode?: string, MessageSid = "SM1") =>
  tell({ MessageSid, MessageStatus, ...(ErrorCode === undefined ? {} : { ErrorCode }) });

describe("a message in doubt", () => {
  it.each(["queued", "sending", "sent", "delivered", "undelivered", "failed"])(
    "is settled by %s",
    async (status) => {
      await sms(status);
      expect(await scene.outbox.find(KEY)).toMatchObject({ state: "sent", sid: "SM1", delivery: { status } });
    },
  );

  it("a call as well", async () => {
    await tell({ CallSid: "CA1", CallStatus: "ringing" });
    expect(await scene.outbox.find(KEY)).toMatchObject({
      state: "sent",
      sid: "CA1",
      delivery: { status: "ringing" },
    });
  });
});

describe("what became of it", () => {
  it.each([
    [["sent", "delivered"], "delivered"],
    [["delivered", "sent"], "delivered"],
    [["delivered", "undelivered"], "delivered"],
    [["undelivered", "sending", "sent"], "undelivered"],
    [["sent", "sent"], "sent"],
  ])("%p comes to %s", async (statuses, expected) => {
    for (const status of statuses) await sms(status);
    expect(await scene.outbox.find(KEY)).toMatchObject({ delivery: { status: expected } });
  });

  it("a failure is on record with its code, told in the timeline once, and counted", async () => {
    for (let times = 0; times < 2; times += 1) await sms("undelivered", "30003");
    expect(await scene.outbox.find(KEY)).toMatchObject({
      delivery: { status: "undelivered", errorCode: 30_003 },
    });
    expect(scene.desk.notesOf(12)).toEqual([
      "SMS to colin: undelivered (Twilio 30003. The phone is off or out of reach. Call, or tell the next contact.)",
    ]);
    expect(scene.log.metrics).toEqual(["MessageMissed"]);
  });

  it("so is that it arrived; what lies between is not", async () => {
    for (const status of ["queued", "sent", "delivered"]) await sms(status);
    expect(scene.desk.notesOf(12)).toEqual(["SMS to colin: delivered"]);
    expect(scene.log.metrics).toEqual([]);
  });

  it.each([
    ["completed", []],
    ["busy", ["MessageMissed"]],
    ["no-answer", ["MessageMissed"]],
    ["failed", ["MessageMissed"]],
  ])("a call that is %s", async (CallStatus, metrics) => {
    const key = "12/4/colin/call";
    await scene.outbox.claim({ ...TELLING, key, channel: "call" }, scene.clock.now());
    await tell({ CallSid: "CA1", CallStatus }, key);
    expect(scene.desk.notesOf(12)).toEqual([`call to colin: ${CallStatus}`]);
    expect(scene.log.metrics).toEqual(metrics);
  });

  it("the timeline is told even when it failed at the first try and the outbox knows by then", async () => {
    scene.desk.failNext(1);
    const request = signedRequest("delivery", `key=${KEY}`, {
      MessageSid: "SM1",
      MessageStatus: "delivered",
    });
    expect((await scene.ask("delivery", request)).statusCode).toBe(503);
    await sms("delivered");
    expect(scene.desk.notesOf(12)).toEqual(["SMS to colin: delivered"]);
  });
});

describe("what is odd is logged, and answered, since it would not be otherwise the next time", () => {
  it("the same message under another sid: it went out twice", async () => {
    await sms("sent");
    await sms("sent", undefined, "SM2");
    expect(scene.log.metrics).toEqual(["MessageDoubled"]);
    expect(await scene.outbox.find(KEY)).toMatchObject({ sid: "SM1" });
  });

  it.each([
    ["a message that does not exist", { MessageSid: "SM1", MessageStatus: "sent" }, "77/1/colin/sms"],
    ["no key", { MessageSid: "SM1", MessageStatus: "sent" }, ""],
    ["no sid", { MessageStatus: "sent" }, KEY],
    ["a status that nobody knows", { MessageSid: "SM1", MessageStatus: "eaten" }, KEY],
    ["no status", { MessageSid: "SM1" }, KEY],
  ])("%s", async (_why, fields, key) => {
    await tell(fields as Record<string, string>, key);
    expect(await scene.outbox.find(KEY)).toMatchObject({ state: "claimed" });
    expect(scene.log.lines).toHaveLength(1);
  });

  it("a message about no incident has no timeline", async () => {
    const key = "storm/2026-11-22T04/colin";
    await scene.outbox.claim({ ...TELLING, key }, scene.clock.now());
    await tell({ MessageSid: "SM1", MessageStatus: "delivered" }, key);
    expect(await scene.outbox.find(key)).toMatchObject({ state: "sent" });
  });
});
