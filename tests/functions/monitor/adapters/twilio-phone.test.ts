import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type TwilioLine, twilioPhone } from "../../../../functions/monitor/adapters/twilio-phone.ts";
import { NoTwilioAccountError } from "../../../../functions/monitor/telling/failures.ts";
import type { Operation } from "../../../../local/twilio/contract.ts";
import {
  ACCOUNT,
  ACCOUNT_SID,
  COLIN,
  MONITOR_URLS,
  newTelling,
  OUR_NUMBER,
  openScene,
  type Scene,
} from "../telling/fakes/telling-scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const now = () => scene.clock.now();
const during = <T>(work: () => Promise<T>): Promise<T> => scene.clock.during(work);
const line = (differences: Partial<TwilioLine> = {}): TwilioLine => ({
  ...{ baseUrl: scene.twilio.url, from: OUR_NUMBER, account: ACCOUNT, urls: MONITOR_URLS },
  ...differences,
});
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error) => error,
  );

describe("what Twilio takes", () => {
  it("a text: it answers with the sid, and calls back with the key", async () => {
    const telling = newTelling();
    const sid = await during(() => scene.phone.send(telling, now()));
    expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
    await scene.twilio.settled();
    expect(scene.twilio.heard(COLIN.phone).map(({ text }) => text)).toEqual([telling.text]);
    const seen = scene.twilio
      .webhooks()
      .map(({ url, form, status }) => [url, form.get("MessageStatus"), status]);
    const url = `https://delivery.lambda-url.us-west-2.on.aws/?key=${telling.key}`;
    expect(seen.map(([where]) => where)).toEqual([url, url]);
    expect(scene.twilio.alerts()).toEqual([]);
  });

  it("a call: it says the text twice, and calls back about every stage", async () => {
    scene.twilio.person(COLIN.phone, { call: { answersAfterSeconds: 4, presses: undefined } });
    const telling = newTelling("call");
    expect(await during(() => scene.phone.send(telling, now()))).toMatch(/^CA[0-9a-f]{32}$/);
    await scene.twilio.settled();
    expect(scene.twilio.heard(COLIN.phone).map(({ text }) => text)).toEqual([
      telling.text,
      telling.text,
      "No key was pressed. Goodbye.",
    ]);
    expect(scene.twilio.webhooks().map(({ form }) => form.get("CallStatus"))).toEqual([
      "initiated",
      "ringing",
      "in-progress",
      "completed",
    ]);
  });
});

describe("what nobody takes", () => {
  it("an alarm that waited for more than ten minutes is not delivered any more", async () => {
    scene.twilio.congestion(601);
    const telling = newTelling();
    await scene.outbox.claim(telling, now());
    await during(() => scene.phone.send(telling, now()));
    await scene.twilio.settled();
    expect(scene.twilio.heard(COLIN.phone)).toEqual([]);
    const delivery = { status: "failed", errorCode: 30_036 };
    expect(await scene.outbox.find(telling.key)).toMatchObject({ state: "sent", delivery });
    scene.twilio.congestion(600);
    await during(() => scene.phone.send(newTelling(), now()));
    await scene.twilio.settled();
    expect(scene.twilio.heard(COLIN.phone)).toHaveLength(1);
  });

  it("a phone rings for forty-five seconds", async () => {
    await during(() => scene.phone.send(newTelling("call"), now()));
    const [begun] = [now()];
    await scene.twilio.settled();
    expect(now().getTime() - begun.getTime()).toBe((1 + 2 + 45) * 1000);
  });
});

describe("what goes wrong has a name", () => {
  it.each([20003, 21211, 21408, 21606, 21608, 21610])(
    "%d: refused, with what to do about it",
    async (code) => {
      scene.twilio.fail({ on: "SendMessage", how: { code } });
      expect(await failure(scene.phone.send(newTelling(), now()))).toMatchObject({
        name: "PhoneRefusedError",
        code,
        message: expect.stringMatching(new RegExp(`^Twilio: ${code} - .* - [A-Z].*\\.$`)),
      });
    },
  );

  it.each([
    ["as Twilio says when", 7],
    ["without a word of when", undefined],
  ])("busy, %s", async (_why, retryAfterSeconds) => {
    const how = { busy: true as const, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
    scene.twilio.fail({ on: "PlaceCall", how });
    expect(await failure(scene.phone.send(newTelling("call"), now()))).toMatchObject({
      name: "PhoneBusyError",
      retryAfterSeconds,
    });
  });

  it("in doubt: no answer in time", async () => {
    scene.twilio.fail({ on: "SendMessage", how: { silence: "after" } });
    const error = await failure(scene.phone.send(newTelling(), now()));
    expect(error).toMatchObject({
      name: "PhoneInDoubtError",
      message: expect.stringMatching(/no whole answer of Twilio's: AbortError/),
    });
  });

  it("unreachable: nobody listens", async () => {
    await scene.twilio.close();
    for (const channel of ["sms", "call"] as const)
      expect(await failure(scene.phone.send(newTelling(channel), now()))).toMatchObject({
        name: "PhoneUnreachableError",
        message: expect.stringMatching(/^no connection to Twilio: ECONNREFUSED/),
      });
    scene = await openScene();
  });

  it("our own parameters cannot be read: nothing was sent, whatever the reason", async () => {
    const read = () => Promise.reject(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));
    const phone = twilioPhone(line({ account: { read } }));
    expect(await failure(phone.send(newTelling(), now()))).toMatchObject({
      name: "PhoneUnreachableError",
      message: "our own parameters cannot be read: ThrottlingException: slow down",
    });
  });

  it("our own parameters are missing: as it is, since no retry helps", async () => {
    const read = () => Promise.reject(new NoTwilioAccountError("put it there"));
    const phone = twilioPhone(line({ account: { read } }));
    expect(await failure(phone.send(newTelling(), now()))).toMatchObject({ name: "NoTwilioAccountError" });
  });

  it("a wrong token is refused as 20003", async () => {
    const read = async () => ({ accountSid: ACCOUNT_SID, authTokens: ["wrong"] as const });
    const phone = twilioPhone(line({ account: { read } }));
    expect(await failure(phone.send(newTelling(), now()))).toMatchObject({ code: 20003 });
    expect(await failure(phone.balance(now()))).toMatchObject({ name: "PhoneRefusedError", code: 20003 });
  });

  it.each<[Operation, "sms" | "call"]>([
    ["ListMessages", "sms"],
    ["ListCalls", "call"],
  ])("%s: a question leaves no doubt", async (on, channel) => {
    const find = () => scene.phone.find(newTelling(channel), now(), new Set(), now());
    scene.twilio.fail({ on, how: { status: 500, when: "after" } });
    expect(await failure(find())).toMatchObject({ name: "PhoneUnreachableError" });
    scene.twilio.fail({ on, how: { reset: "before" } });
    expect(await failure(find())).toMatchObject({ name: "PhoneUnreachableError" });
    scene.twilio.fail({ on, how: { status: 200, when: "after" } }); // a page of some proxy's
    expect(await failure(find())).toMatchObject({ name: "PhoneUnreachableError" });
    scene.twilio.fail({ on, how: { busy: true } });
    expect(await failure(find())).toMatchObject({ name: "PhoneBusyError" });
    expect(await find()).toBeUndefined();
  });
});

describe("looking for what may have been sent", () => {
  it("turns the pages: ours is the oldest of 130 on that day", async () => {
    const telling = newTelling();
    const since = now();
    const sid = await during(() => scene.phone.send(telling, since));
    for (let count = 0; count < 129; count += 1) await during(() => scene.phone.send(newTelling(), now()));
    await scene.twilio.settled();
    expect(await scene.phone.find(telling, since, new Set(), now())).toBe(sid);
    expect(await scene.phone.find(newTelling(), since, new Set(), now())).toBeUndefined();
  });

  it("when Twilio's clock is behind ours, and its times are cut to seconds", async () => {
    const telling = newTelling();
    const sid = await during(() => scene.phone.send(telling, now()));
    const since = new Date(now().getTime() + 9000);
    expect(await scene.phone.find(telling, since, new Set(), now())).toBe(sid);
    expect(
      await scene.phone.find(telling, new Date(since.getTime() + 2000), new Set(), now()),
    ).toBeUndefined();
  });

  it("under the sentence that a trial account puts before every text", async () => {
    const telling = newTelling();
    const text = `Sent from your Twilio trial account - ${telling.text}`;
    const sid = await during(() => scene.phone.send({ ...telling, text }, now()));
    expect(await scene.phone.find(telling, now(), new Set(), now())).toBe(sid);
  });

  it("over midnight", async () => {
    await scene.clock.sleep(20 * 3_600_000 - 5000); // five seconds before
    const telling = newTelling("call");
    const since = now();
    const sid = await during(() => scene.phone.send(telling, since));
    await scene.clock.sleep(40_000);
    expect(await scene.phone.find(telling, since, new Set(), now())).toBe(sid);
    expect(await scene.phone.find(telling, since, new Set([sid]), now())).toBeUndefined();
  });

  it("a text that the contact sent us is none of ours, whatever it says", async () => {
    const telling = newTelling();
    await scene.twilio.text(COLIN.phone, telling.text);
    expect(await scene.phone.find(telling, now(), new Set(), now())).toBeUndefined();
  });
});

it("the balance", async () => {
  expect(await scene.phone.balance(now())).toEqual({ amount: "20.00", currency: "USD" });
});
