import { describe, expect, it } from "@jest/globals";
import { describeKills } from "./crash-suite.ts";
import { COLIN, DEPUTY, type Morning, type Night, playWithKills } from "./watch-night.ts";

const WWW_IS_OVER = ["incident 1 www failing true", "check www good -", "pending 0"];

/** A page goes down; its owner reads no text, but takes the call and presses 1. */
export const KEYPRESS: Night = {
  name: "a host goes dark, and a key is pressed",
  people: ({ twilio }) => twilio.person(COLIN, { call: { answersAfterSeconds: 10, presses: "1" } }),
  play: async (room, host) => {
    await room.pass(1);
    await host.goDown();
    await room.pass(6);
    await host.comeBack();
    await room.pass(4);
  },
  undisturbed: [
    ...WWW_IS_OVER,
    "told 1 1 colin sms sent",
    "told 1 2 colin call sent",
    "acknowledged 1 colin call",
    "told 1 0 colin sms sent",
    "accepted 2 1",
  ],
};

/** The owner cannot be reached; the deputy answers the text. */
export const REPLY: Night = {
  ...KEYPRESS,
  name: "a host goes dark, and the deputy replies",
  people: ({ twilio }) => {
    const answer = (got: string) => (got.startsWith("ALARM") ? "ACK 1" : undefined);
    twilio.person(COLIN, { sms: { fails: 30003 }, call: "voicemail" });
    twilio.person(DEPUTY, { sms: { reply: { text: answer, afterSeconds: 15 } } });
  },
  undisturbed: [
    ...WWW_IS_OVER,
    "told 1 1 colin sms sent",
    "told 1 2 colin call sent",
    "told 1 3 deputy sms sent",
    "acknowledged 1 deputy sms",
    "told 1 0 colin sms sent",
    "told 1 0 deputy sms sent",
    "accepted 4 1",
  ],
};

/** Goes up and down, and is one incident. A run that dies loses a minute, so it flaps for longer than it must. */
export const FLAPPING: Night = {
  ...KEYPRESS,
  name: "a flapping link",
  failuresBeforeAlarm: 3,
  play: async (room, host) => {
    for (let times = 0; times < 6; times += 1) {
      await room.pass(1);
      await host.goDown();
      await room.pass(1);
      await host.comeBack();
    }
    await room.pass(22);
  },
  undisturbed: ["incident 1 www flapping true", "acknowledged 1 colin call", "accepted 2 1", "pending 0"],
};

/** Every run is started twice. */
export const TWO_MONITORS: Night = {
  ...KEYPRESS,
  name: "two monitors run at once",
  play: async (room, host) => {
    const again = async (minute: Date) => {
      room.invoke("run-checks", { time: minute.toISOString() }).catch(() => undefined); // the power may fail
    };
    await room.pass(1, again);
    await host.goDown();
    await room.pass(6, again);
    await host.comeBack();
    await room.pass(4, again);
  },
};

/** The home region answers nothing, and neither does what is in it. */
export const HOME_GONE: Night = {
  ...KEYPRESS,
  name: "the home region is gone",
  isGone: ({ region }, isDown) => isDown && region === "us-east-1",
};

/**
 * Declares the crash tests of a night. Ends are the same but for instants.
 * @param stride  in a thorough run, every so many steps: nights that differ in little need not be killed at each
 */
export async function describeNight(night: Night, stride = 1): Promise<void> {
  const calm = await playWithKills(night, []);
  describe(night.name, () => {
    it("ends well when nobody disturbs it", () => {
      expect(calm.fingerprint).toEqual(expect.arrayContaining([...night.undisturbed]));
    });
  });
  for (const phase of ["before", "after"] as const) {
    const expectSame = ({ fingerprint }: Morning) => expect(fingerprint).toEqual(calm.fingerprint);
    const run = (kills: Parameters<typeof playWithKills>[1]) => playWithKills(night, kills);
    describeKills({ name: night.name, steps: calm.steps, run, expectSame, stride, sample: 3 }, phase);
  }
}
