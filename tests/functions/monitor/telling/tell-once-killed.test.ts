import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Telling } from "../../../../functions/monitor/telling/ports.ts";
import { type TellingDesk, tellOnce } from "../../../../functions/monitor/telling/tell-once.ts";
import type { Fault } from "../../../../local/twilio/contract.ts";
import { dying, type Kill, pointsUpTo, WHEN } from "../fakes/dying.ts";
import { fakeOutbox } from "./fakes/fake-outbox.ts";
import { fakeBudget } from "./fakes/fake-records.ts";
import { newTelling, openScene, type Scene } from "./fakes/telling-scene.ts";

/*
 * A run is killed before or after each call that it makes, and the run after it as well; then it is left alone. What
 * is told in the end must be what an undisturbed run tells: one message, or one notice.
 */

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

interface Situation {
  readonly name: string;
  readonly channel: "sms" | "call";
  readonly messagesPerHour: number;
  readonly fault?: Fault;
  readonly callbacks: "once" | "twice" | "lost";
}

const SITUATIONS: Situation[] = [
  { name: "an SMS", channel: "sms", messagesPerHour: 30, callbacks: "once" },
  { name: "an SMS whose callbacks are lost", channel: "sms", messagesPerHour: 30, callbacks: "lost" },
  { name: "an SMS whose callbacks come twice", channel: "sms", messagesPerHour: 30, callbacks: "twice" },
  { name: "a call", channel: "call", messagesPerHour: 30, callbacks: "once" },
  { name: "a call whose callbacks are lost", channel: "call", messagesPerHour: 30, callbacks: "lost" },
  { name: "an SMS over budget", channel: "sms", messagesPerHour: 0, callbacks: "lost" },
  {
    name: "an SMS in doubt, not sent",
    channel: "sms",
    messagesPerHour: 30,
    callbacks: "lost",
    fault: { on: "SendMessage", how: { reset: "before" } },
  },
  {
    name: "a call in doubt, sent",
    channel: "call",
    messagesPerHour: 30,
    callbacks: "lost",
    fault: { on: "PlaceCall", how: { status: 500, when: "after" } },
  },
];

/** Runs until one answers, ten seconds apart; the first ones are killed. @returns all calls of the first run */
async function runUntilTold(telling: Telling, desk: TellingDesk, kills: readonly Kill[]): Promise<string[]> {
  const { clock } = scene;
  let first: string[] | undefined;
  for (let run = 0; run < 30; run += 1) {
    const { ports: mortal, calls } = dying(desk, kills[run]);
    const told = await clock.during(() =>
      tellOnce(telling, clock.now(), mortal).catch((error: Error) => error),
    );
    first ??= calls;
    if (!(told instanceof Error)) return first;
    if (!["PowerFailure", "TellInDoubtError"].includes(told.name)) throw told;
    await clock.sleep(10_000);
  }
  throw new Error(`${telling.key} was never told`);
}

/** A desk of its own on the one network, with a phone of its own: what comes out of it is about this telling. */
function ownDesk(situation: Situation, nth: number): { telling: Telling; desk: TellingDesk } {
  const contact = { name: `c${nth}`, phone: `+1604555${String(nth).padStart(4, "0")}` };
  const { messagesPerHour } = situation;
  const outbox = fakeOutbox();
  Object.assign(scene.outbox, outbox); // the webhook for callbacks writes to the same one
  return {
    telling: newTelling(situation.channel, contact),
    desk: { outbox, budget: fakeBudget(), phone: scene.phone, messagesPerHour },
  };
}

let phones = 0;
async function timesTold(
  situation: Situation,
  kills: readonly Kill[],
): Promise<{ times: number; calls: string[] }> {
  phones += 1;
  const { telling, desk } = ownDesk(situation, phones);
  scene.twilio.callbacks(situation.callbacks);
  if (situation.fault !== undefined) scene.twilio.fail(situation.fault);
  const before = scene.twilio.accepted(situation.channel).length;
  const calls = await runUntilTold(telling, desk, kills);
  await scene.twilio.settled();
  return { times: scene.twilio.accepted(situation.channel).length - before, calls };
}

describe.each(SITUATIONS)("$name", (situation) => {
  it("killed at any call: told once", async () => {
    const undisturbed = await timesTold(situation, []);
    expect(undisturbed.times).toBe(1);
    expect(undisturbed.calls.length).toBeGreaterThanOrEqual(situation.fault === undefined ? 5 : 4);
    for (const kill of pointsUpTo(undisturbed.calls.length)) {
      const { times } = await timesTold(situation, [kill]);
      expect({ kill, times }).toEqual({ kill, times: 1 });
    }
  });

  it("killed twice: told once", async () => {
    for (const first of pointsUpTo(5))
      for (const second of pointsUpTo(6)) {
        const { times } = await timesTold(situation, [first, second]);
        expect({ first, second, times }).toEqual({ first, second, times: 1 });
      }
  });

  it("killed while a doubt is settled: told once", async () => {
    // The first run dies at the send, before or after; two find the doubt too young; then one settles it and dies.
    for (const when of WHEN)
      for (const settling of pointsUpTo(6)) {
        const alive: Kill = { at: 99, when: "before" };
        const { times } = await timesTold(situation, [{ at: 3, when }, alive, alive, settling, settling]);
        expect({ when, settling, times }).toEqual({ when, settling, times: 1 });
      }
  });
});
