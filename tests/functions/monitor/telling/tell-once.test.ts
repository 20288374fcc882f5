import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { hourOf } from "../../../../functions/monitor/telling/budget.ts";
import type { Telling } from "../../../../functions/monitor/telling/ports.ts";
import { DOUBT_SECONDS, tellOnce } from "../../../../functions/monitor/telling/tell-once.ts";
import type { Fault } from "../../../../local/twilio/contract.ts";
import { COLIN, GRACE, newTelling, openScene, type Scene } from "./fakes/telling-scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** One attempt, as a state machine makes it: what it answered, or by what name it failed. */
async function attempt(telling: Telling, desk = scene.telling): Promise<string> {
  return scene.clock.during(async () => {
    try {
      const { outcome, reason } = await tellOnce(telling, scene.clock.now(), desk);
      return reason === undefined ? outcome : `${outcome}: ${reason}`;
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  });
}

/** Attempts ten seconds apart, until one answers. */
async function attempts(telling: Telling, desk = scene.telling): Promise<string[]> {
  const answers: string[] = [];
  do {
    answers.push(await attempt(telling, desk));
    await scene.clock.sleep(10_000);
  } while (answers.at(-1)?.endsWith("Error") && answers.length < 30);
  return answers;
}

/** How often a text came out of the phone, or how often the phone rang. */
function toldTimes({ channel, contact, text }: Telling): number {
  if (channel === "call") return scene.twilio.accepted("call").length;
  return scene.twilio.heard(contact.phone).filter((heard) => heard.text === text).length;
}

describe("telling", () => {
  it.each(["sms", "call"] as const)("by %s: once, however often it is asked for", async (channel) => {
    const telling = newTelling(channel);
    const answers = [await attempt(telling), await attempt(telling)];
    await scene.twilio.settled();
    answers.push(await attempt(telling));
    expect(answers).toEqual(["sent", "already", "already"]);
    expect(toldTimes(telling)).toBe(1);
    expect(scene.twilio.alerts()).toEqual([]);
  });

  it("two runs at once: one sends, the other is told to come back", async () => {
    const telling = newTelling();
    const both = await Promise.all([attempt(telling), attempt(telling)]);
    expect(both.sort()).toEqual(["TellInDoubtError", "sent"]);
    await scene.twilio.settled();
    expect(await attempt(telling)).toBe("already");
    expect(toldTimes(telling)).toBe(1);
  });

  it("two contacts who share a phone are told each", async () => {
    const telling = newTelling("call");
    const partner = { ...telling, key: `${telling.key}/partner`, contact: { ...COLIN, name: "partner" } };
    expect([await attempt(telling), await attempt(partner)]).toEqual(["sent", "sent"]);
    expect(scene.twilio.accepted("call")).toHaveLength(2);
  });
});

describe("what Twilio refuses for good is on record as failed, so that the next contact is told", () => {
  it.each([20003, 21211, 21408, 21606, 21608, 21610])("%d", async (code) => {
    const telling = newTelling();
    scene.twilio.fail({ on: "SendMessage", how: { code } });
    const first = await attempt(telling);
    expect(first).toMatch(new RegExp(`^failed: Twilio: ${code} - .+\\.$`));
    expect(await attempt(telling)).toBe(first); // although it would go through by now
    expect(toldTimes(telling)).toBe(0);
  });

  it("a phone that has sent STOP takes a call all the same", async () => {
    scene.twilio.person(COLIN.phone, { sms: "opted-out" });
    expect(await attempt(newTelling("sms"))).toMatch(/^failed: Twilio: 21610/);
    expect(await attempt(newTelling("call"))).toBe("sent");
  });

  it("when nobody has set us up, nothing is on record, so that it can be mended", async () => {
    const telling = newTelling();
    const { NoTwilioAccountError } = await import("../../../../functions/monitor/telling/failures.ts");
    const send = () => Promise.reject(new NoTwilioAccountError("no account"));
    const desk = { ...scene.telling, phone: { ...scene.phone, send } };
    expect([await attempt(telling, desk), await attempt(telling)]).toEqual(["failed: no account", "sent"]);
  });
});

describe("what Twilio certainly did not do is done by the next attempt, without waiting", () => {
  it("too many requests", async () => {
    const telling = newTelling();
    scene.twilio.fail({ on: "SendMessage", how: { busy: true, retryAfterSeconds: 3 }, times: 2 });
    expect(await attempts(telling)).toEqual(["PhoneBusyError", "PhoneBusyError", "sent"]);
    await scene.twilio.settled();
    expect(toldTimes(telling)).toBe(1);
  });

  it("nobody listens", async () => {
    const telling = newTelling();
    await scene.twilio.close();
    expect([await attempt(telling), await attempt(telling)]).toEqual([
      "PhoneUnreachableError",
      "PhoneUnreachableError",
    ]);
    expect(await scene.outbox.find(telling.key)).toEqual({ state: "new" });
    scene = await openScene();
    expect(await attempt(telling)).toBe("sent");
  });
});

describe("what may have been sent", () => {
  const doubts: [why: string, how: Fault["how"], sent: boolean][] = [
    ["an internal error before", { status: 500, when: "before" }, false],
    ["an internal error after", { status: 500, when: "after" }, true],
    ["unavailable after", { status: 503, when: "after" }, true],
    ["an answer that is none", { status: 200, when: "after" }, true],
    ["a redirection", { status: 307, when: "before" }, false],
    ["no answer, not sent", { silence: "before" }, false],
    ["no answer, sent", { silence: "after" }, true],
    ["the connection broke before", { reset: "before" }, false],
    ["the connection broke after", { reset: "after" }, true],
  ];

  describe.each(["sms", "call"] as const)("by %s", (channel) => {
    const on = channel === "sms" ? "SendMessage" : "PlaceCall";

    it.each(doubts)("%s: settled by Twilio's callback, or sent again; once", async (_why, how, sent) => {
      const telling = newTelling(channel);
      scene.twilio.fail({ on, how });
      const answers = await attempts(telling);
      expect(answers[0]).toBe("TellInDoubtError");
      // The callback comes within seconds; otherwise the doubt has to pass.
      expect(answers.slice(1)).toEqual(
        sent ? ["already"] : [...Array(DOUBT_SECONDS / 10 - 1).fill("TellInDoubtError"), "sent"],
      );
      await scene.twilio.settled();
      expect(toldTimes(telling)).toBe(1);
    });

    it.each(doubts)(
      "%s: settled by Twilio's list when the callback is lost; once",
      async (_why, how, sent) => {
        const telling = newTelling(channel);
        scene.twilio.callbacks("lost");
        scene.twilio.fail({ on, how });
        const answers = await attempts(telling);
        expect(answers).toEqual([...Array(3).fill("TellInDoubtError"), sent ? "already" : "sent"]);
        await scene.twilio.settled();
        expect(toldTimes(telling)).toBe(1);
      },
    );
  });

  it.each(["sms", "call"] as const)(
    "still in Twilio's queue, where it has no date yet: %s",
    async (channel) => {
      const telling = newTelling(channel);
      scene.twilio.congestion(100);
      scene.twilio.fail({ on: channel === "sms" ? "SendMessage" : "PlaceCall", how: { reset: "after" } });
      expect((await attempts(telling)).at(-1)).toBe("already");
      await scene.twilio.settled();
      expect(toldTimes(telling)).toBe(1);
    },
  );

  it.each(["sms", "call"] as const)("what the list settles is on record: %s", async (channel) => {
    const telling = newTelling(channel);
    scene.twilio.callbacks("lost");
    scene.twilio.fail({ on: channel === "sms" ? "SendMessage" : "PlaceCall", how: { reset: "after" } });
    expect((await attempts(telling)).at(-1)).toBe("already");
    const [sid] = scene.twilio.accepted(channel);
    expect(await scene.outbox.find(telling.key)).toEqual({ state: "sent", sid });
  });

  it("our own table stumbles after the sending: the claim stands, and it is not sent again", async () => {
    const telling = newTelling();
    let stumbles = 1;
    const markSent: typeof scene.outbox.markSent = (key, sid) => {
      stumbles -= 1;
      return stumbles < 0
        ? scene.outbox.markSent(key, sid)
        : Promise.reject(new Error("ThrottlingException"));
    };
    scene.twilio.callbacks("lost");
    const desk = { ...scene.telling, outbox: { ...scene.outbox, markSent } };
    expect((await attempts(telling, desk)).at(-1)).toBe("already");
    await scene.twilio.settled();
    expect(toldTimes(telling)).toBe(1);
  });

  it("another text to the same phone, of which the outbox knows nothing, is not taken for it", async () => {
    const telling = newTelling();
    await scene.clock.during(() => scene.phone.send(newTelling(), scene.clock.now()));
    scene.twilio.fail({ on: "SendMessage", how: { reset: "before" } });
    expect((await attempts(telling)).at(-1)).toBe("sent");
    await scene.twilio.settled();
    expect(toldTimes(telling)).toBe(1);
  });

  it("nor is a call of a minute before", async () => {
    const telling = newTelling("call");
    await scene.clock.during(() => scene.phone.send(newTelling("call"), scene.clock.now()));
    await scene.clock.sleep(60_000);
    scene.twilio.fail({ on: "PlaceCall", how: { reset: "before" } });
    expect((await attempts(telling)).at(-1)).toBe("sent");
  });

  it("a run that took a doubt over and died leaves the first attempt to be looked for", async () => {
    const telling = newTelling();
    scene.twilio.callbacks("lost");
    scene.twilio.fail({ on: "SendMessage", how: { reset: "after" } });
    scene.twilio.fail({ on: "ListMessages", how: { busy: true }, times: 10 }); // two minutes of attempts
    let sends = 0;
    const send: typeof scene.phone.send = (...given) => {
      sends += 1;
      return sends === 2 ? Promise.reject(new Error("the power fails")) : scene.phone.send(...given);
    };
    const answers = await attempts(telling, { ...scene.telling, phone: { ...scene.phone, send } });
    answers.push(...(await attempts(telling)));
    expect(answers.at(-1)).toBe("already");
    expect(sends).toBe(2);
    expect(toldTimes(telling)).toBe(1);
  });

  it("a call in doubt is not taken for another one to the same phone", async () => {
    const [first, second] = [newTelling("call"), newTelling("call")];
    scene.twilio.callbacks("lost");
    scene.twilio.fail({ on: "PlaceCall", how: { reset: "before" } });
    expect(await attempt(first)).toBe("TellInDoubtError");
    expect(await attempt(second)).toBe("sent");
    expect((await attempts(first)).at(-1)).toBe("sent");
    expect(toldTimes(first)).toBe(2);
  });

  it("while Twilio's lists cannot be read, the doubt stays; after two minutes it is sent all the same", async () => {
    const telling = newTelling();
    scene.twilio.fail({ on: "SendMessage", how: { reset: "before" } });
    scene.twilio.fail({ on: "ListMessages", how: { status: 503, when: "before" }, times: 100 });
    const answers = await attempts(telling);
    expect(answers).toEqual([...Array(12).fill("TellInDoubtError"), "sent"]);
    await scene.twilio.settled();
    expect(toldTimes(telling)).toBe(1);
  });

  it("the one way to be told twice: accepted, answer lost, callback lost, lists unreadable", async () => {
    const telling = newTelling();
    scene.twilio.callbacks("lost");
    scene.twilio.fail({ on: "SendMessage", how: { reset: "after" } });
    scene.twilio.fail({ on: "ListMessages", how: { busy: true }, times: 100 });
    expect((await attempts(telling)).at(-1)).toBe("sent");
    await scene.twilio.settled();
    expect(toldTimes(telling)).toBe(2);
  });

  it("a refusal by the second attempt does not give back what the first may have sent", async () => {
    const telling = newTelling();
    scene.twilio.callbacks("lost");
    scene.twilio.fail({ on: "SendMessage", how: { reset: "before" } });
    scene.twilio.fail({ on: "SendMessage", how: { busy: true } });
    const answers = await attempts(telling);
    expect(answers).toContain("PhoneBusyError");
    expect((await scene.outbox.find(telling.key)).state).toBe("sent");
    await scene.twilio.settled();
    expect(toldTimes(telling)).toBe(1);
  });
});

describe("an hour's budget", () => {
  const tight = () => ({ ...scene.telling, messagesPerHour: 3 });
  const notices = (phone: string) =>
    scene.twilio.heard(phone).filter(({ text }) => text.startsWith("TOO MANY MESSAGES"));

  it("what is over it is held back, and each contact hears so once", async () => {
    const tellings = Array.from({ length: 6 }, () => newTelling());
    const outcomes: string[] = [];
    for (const telling of tellings) outcomes.push(await attempt(telling, tight()));
    outcomes.push(await attempt(newTelling("sms", GRACE), tight()));
    await scene.twilio.settled();
    expect(outcomes).toEqual([...Array(3).fill("sent"), ...Array(4).fill("over-budget")]);
    expect(scene.twilio.heard(COLIN.phone)).toHaveLength(4);
    expect(notices(COLIN.phone)).toHaveLength(1);
    expect(scene.twilio.heard(GRACE.phone)).toEqual(notices(GRACE.phone));
    expect(await attempt(tellings[5] as Telling, tight())).toBe("over-budget"); // it stays on record
    expect(await attempt(tellings[0] as Telling, tight())).toBe("already");
  });

  it("the next hour has its own", async () => {
    for (let count = 0; count < 4; count += 1) await attempt(newTelling(), tight());
    await scene.clock.sleep(3_600_000);
    expect(await attempt(newTelling(), tight())).toBe("sent");
  });

  it("an attempt that is repeated takes no second place", async () => {
    const telling = newTelling();
    scene.twilio.fail({ on: "SendMessage", how: { busy: true }, times: 5 });
    expect((await attempts(telling, tight())).at(-1)).toBe("sent");
    for (let count = 0; count < 2; count += 1) expect(await attempt(newTelling(), tight())).toBe("sent");
  });

  it("the notice comes by the channel that was asked for, and a call about it asks for no key", async () => {
    scene.twilio.person(COLIN.phone, { call: { answersAfterSeconds: 3, presses: "1" } });
    const desk = { ...scene.telling, messagesPerHour: 0 };
    expect(await attempt(newTelling("call"), desk)).toBe("over-budget");
    await scene.twilio.settled();
    const said = scene.twilio.heard(COLIN.phone).map(({ via, text }) => `${via}: ${text}`);
    expect(said).toEqual(Array(2).fill(expect.stringMatching(/^call: Too many messages: more than 0/)));
    expect(scene.twilio.webhooks().every(({ url }) => url.includes("delivery"))).toBe(true);
  });

  it("hours are UTC's", () => {
    expect(hourOf(new Date("2026-11-22T04:59:59.999Z"))).toBe("2026-11-22T04");
  });
});
