import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { messageKey } from "../../../../functions/monitor/telling/message-key.ts";
import { tellOnce } from "../../../../functions/monitor/telling/tell-once.ts";
import { alarm } from "../../../../functions/monitor/telling/wording.ts";
import type { Person } from "../../../../local/twilio/contract.ts";
import { COLIN, openScene, type Scene } from "./fakes/telling-scene.ts";

/* From an alarm to the acknowledgement of whoever was woken: our texts, Twilio's requests, our answers. */

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  scene.desk.open(12, "colin");
});
afterEach(() => scene.close());

/** Tells of incident 12, and lets everything come to its end. @returns what came out of the phone */
async function raise(channel: "sms" | "call", person: Partial<Person>): Promise<string[]> {
  const { clock, twilio, telling } = scene;
  twilio.person(COLIN.phone, person);
  const now = clock.now();
  const occasion = {
    incident: 12,
    step: 3,
    check: "mail: SMTP",
    reason: "TIMED OUT after 10 s",
    since: now,
    now,
  };
  const message = {
    key: messageKey(12, 3, "colin", channel),
    contact: COLIN,
    channel,
    text: alarm(occasion)[channel],
  };
  await clock.during(() => tellOnce(message, now, telling));
  await twilio.settled();
  expect(twilio.alerts()).toEqual([]);
  return twilio.heard(COLIN.phone).map(({ via, text }) => `${via}: ${text}`);
}

const ALARM_TEXT = "sms: ALARM [12.3] mail: SMTP: TIMED OUT after 10 s (since 04:00 UTC). Reply ACK 12";
const ALARM_SAID =
  "call: Alarm. Incident 1 2. mail: SMTP. TIMED OUT after 1 0 s. Since 4 hundred, U T C. Press 1 to acknowledge.";

describe("by SMS", () => {
  it("is answered by the number that the text names", async () => {
    const text = (received: string) => /Reply (ACK \d+)/.exec(received)?.[1];
    expect(await raise("sms", { sms: { reply: { text, afterSeconds: 90 } } })).toEqual([
      ALARM_TEXT,
      "sms: 12 acknowledged.",
    ]);
    expect(scene.desk.acksOf(12)).toEqual(["colin sms until 2026-11-22T08:01:33"]);
    expect(scene.desk.notesOf(12)).toEqual(["SMS to colin: delivered"]);
  });

  it("everything that Twilio asks may come twice", async () => {
    scene.twilio.callbacks("twice");
    const heard = await raise("sms", { sms: { reply: { text: "ack", afterSeconds: 5 } } });
    expect(heard).toEqual([ALARM_TEXT, "sms: 12 was acknowledged by this text before."]);
    expect(scene.desk.acksOf(12)).toHaveLength(1);
    expect(scene.desk.notesOf(12)).toHaveLength(1);
  });

  it("a webhook that fails at first is asked again, as its address says", async () => {
    scene.desk.failNext(2);
    await raise("sms", { sms: "read" });
    scene.desk.failNext(2);
    await scene.twilio.text(COLIN.phone, "ACK 12");
    expect(scene.desk.acksOf(12)).toHaveLength(1);
    expect(scene.desk.notesOf(12)).toHaveLength(1);
  });

  it("STOP ends it: Twilio answers, we do not, and the next text is refused", async () => {
    expect(await raise("sms", { sms: { reply: { text: "STOP", afterSeconds: 5 } } })).toEqual([
      ALARM_TEXT,
      "sms: You have successfully been unsubscribed.",
    ]);
    expect(scene.log.metrics).toContain("ContactOptedOut");
  });

  it("a phone that is off: on record with its code", async () => {
    expect(await raise("sms", { sms: { fails: 30_003 } })).toEqual([]);
    expect(await scene.outbox.find("12/3/colin/sms")).toMatchObject({
      delivery: { status: "undelivered", errorCode: 30_003 },
    });
  });
});

describe("by a call", () => {
  it("1 acknowledges, and the voice says so", async () => {
    expect(await raise("call", { call: { answersAfterSeconds: 12, presses: "1" } })).toEqual([
      ALARM_SAID,
      "call: Incident 1 2 is acknowledged. Thank you. Goodbye.",
    ]);
    expect(scene.desk.acksOf(12)).toHaveLength(1);
  });

  it("another key does not", async () => {
    expect(await raise("call", { call: { answersAfterSeconds: 12, presses: "5" } })).toEqual([
      ALARM_SAID,
      "call: That was not the 1. Nothing was acknowledged. Goodbye.",
    ]);
    expect(scene.desk.acksOf(12)).toEqual([]);
  });

  it.each<[why: string, call: Person["call"], status: string]>([
    ["a voicemail hears everything, which means nothing", "voicemail", "completed"],
    ["somebody who falls asleep again", { answersAfterSeconds: 5, presses: undefined }, "completed"],
  ])("%s", async (_why, call, status) => {
    expect(await raise("call", { call })).toEqual([
      ALARM_SAID,
      ALARM_SAID,
      "call: No key was pressed. Goodbye.",
    ]);
    expect(scene.desk.acksOf(12)).toEqual([]);
    expect(scene.desk.notesOf(12)).toEqual([`call to colin: ${status}`]);
  });

  it.each(["busy", "no-answer"] as const)("%s", async (call) => {
    expect(await raise("call", { call })).toEqual([]);
    expect(scene.desk.notesOf(12)).toEqual([`call to colin: ${call}`]);
  });

  it("the key that comes twice acknowledges once", async () => {
    scene.twilio.callbacks("twice");
    const heard = await raise("call", { call: { answersAfterSeconds: 3, presses: "1" } });
    expect(heard.at(-1)).toBe("call: Incident 1 2 was acknowledged before. Goodbye.");
    expect(scene.desk.acksOf(12)).toHaveLength(1);
  });
});
