import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { COLIN, heardBy, openWatchRegion, type WatchRegion } from "./watch-region.ts";

/*
 * Goal: every run is started twice, as EventBridge Scheduler may do, and some of them late, beside the next minute's.
 * - There is one incident, and each of its messages goes out once.
 * - Every minute counts once in the figures.
 */

const TIME = new Date("2026-11-27T02:57:30.000Z");

let region: WatchRegion;
let results: string;

beforeAll(async () => {
  region = await openWatchRegion((url) => ({ www: { kind: "http", url, failuresBeforeAlarm: 2 } }), TIME);
  const { room, host, stage } = region;
  room.twilio.person(COLIN, { call: { answersAfterSeconds: 10, presses: "1" } });
  const doubled: Promise<unknown>[] = [];
  const again = async (minute: Date) => {
    const time = minute.toISOString();
    const late = new Date(minute.getTime() - 60_000).toISOString();
    doubled.push(room.invoke("run-checks", { time }), room.invoke("run-checks", { time: late }));
  };
  await room.pass(2, again);
  await host.goDown();
  await room.pass(9, again);
  await host.comeBack();
  await room.pass(4, again);
  await Promise.all(doubled);
  await stage.started();
  await room.twilio.settled();
  results = (await region.records.board()).results.www ?? "";
}, 60_000);
afterAll(() => region.close());

describe("two monitors run at once", () => {
  it("there is one incident", async () => {
    expect(await region.records.incidents()).toMatchObject([{ number: 1, check: "www", cause: "failing" }]);
  });

  it("it is told as by one", () => {
    expect(heardBy(region, COLIN)).toEqual([
      expect.stringMatching(/^sms: ALARM \[1\.1\] www: connection refused by HOST/),
      expect.stringMatching(/^call: Alarm\./),
      expect.stringMatching(/^call: Incident 1 is acknowledged/),
      expect.stringMatching(/^sms: OK \[1\.0\] www works again/),
    ]);
    expect([region.room.twilio.accepted("sms").length, region.room.twilio.accepted("call").length]).toEqual([
      2, 1,
    ]);
  });

  it("every minute counts once", () => {
    const minutes = results.split(" ").map((word) => Number.parseInt(word, 10));
    expect(minutes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
