import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { nameFunction } from "../../infra/function-name.ts";
import type { Call } from "../../local/cloud/contract.ts";
import { COLIN, DEPUTY, heardBy, openWatchRegion, type WatchRegion } from "./watch-region.ts";

/*
 * Goal: the home region goes down at 02:00, with everything in it, its AWS services included.
 * - The watch goes on: it sees that hosts and nightly processes are gone, and wakes somebody.
 * - On the way from a check to a phone nothing asks the home region, but for the check that is about it; nothing goes by mail.
 * - The dead man's switch, which lives at home, is gone with it. When home is back it finds the watch alive.
 * - Later it is the watch that stops; and then home notices.
 */

const TIME = new Date("2026-11-27T01:57:30.000Z");

let region: WatchRegion;
let during: readonly Call[];
let failures: readonly string[];

beforeAll(async () => {
  region = await openWatchRegion(
    (url) => ({
      www: { kind: "http", title: "The web site", url },
      reaper: { kind: "execution", title: "The reaper", machine: "ami-reap", withinHours: 2 },
    }),
    TIME,
    async (stage) => {
      const { engine } = await stage.powerUp("home");
      await (await engine.start("ami-reap", "reaper", { time: TIME.toISOString() })).outcome;
    },
  );
  const { room, host, stage } = region;
  room.twilio.person(COLIN, { sms: { reply: { text: (got) => /ACK \d/.exec(got)?.[0], afterSeconds: 30 } } });
  await room.pass(2);
  const before = stage.cloud.calls().length;
  await host.goDown();
  const { door } = await room.power();
  door.onCall = async ({ region: asked, caller }) => {
    if (asked === stage.fleet.regions.home && caller.includes("-monitor-"))
      throw new Error("the region is gone");
  };
  failures = await room.pass(8);
  during = stage.cloud.calls().slice(before);
  door.onCall = async () => undefined;
  await host.comeBack();
  await room.pass(4);
}, 60_000);
afterAll(() => region.close());

describe("the home region is gone", () => {
  it("the watch goes on, and no function of it fails", () => {
    expect(failures).toEqual([]);
  });

  it("somebody hears of each thing that is gone, once", () => {
    const alarms = heardBy(region, COLIN).filter((line) => line.startsWith("sms: ALARM"));
    expect(alarms).toEqual([
      expect.stringMatching(/The web site: connection refused/),
      expect.stringMatching(/The reaper: .*Step Functions in us-east-1 said nothing/),
    ]);
    expect(heardBy(region, DEPUTY)).toEqual([]); // colin answered
  });

  it("nothing but the check that is about the home region asks it", () => {
    const asked = during
      .filter((call) => call.region !== "us-west-2")
      .map(({ service, operation }) => `${service}:${operation}`);
    expect([...new Set(asked)]).toEqual(["states:ListExecutions"]);
  });

  it("nothing leans on mail", () => {
    expect(during.filter(({ service }) => service === "ses")).toEqual([]);
    expect(region.stage.cloud.mails()).toEqual([]);
  });

  it("what comes back is told as over", async () => {
    const incidents = await region.records.incidents();
    expect(incidents.map(({ check, recoveredAt }) => [check, recoveredAt !== undefined])).toEqual([
      ["www", true],
      ["reaper", true],
    ]);
    expect(heardBy(region, COLIN).filter((line) => line.startsWith("sms: OK"))).toHaveLength(2);
  });
});

describe("the dead man's switch", () => {
  const look = async (minutesLater: number) => {
    const { stage } = region;
    await stage.clock.sleep(minutesLater * 60_000);
    const { engine } = await stage.powerUp("home");
    const time = stage.clock.now().toISOString();
    return stage.clock.performing(() => engine.invoke(nameFunction("deadman", "check-watch"), { time }));
  };

  it("finds the watch alive once it is back", async () => {
    expect(await look(1)).toMatchObject({ lastRun: "2026-11-27T02:11:00.000Z" });
  });

  it("fails by name, and so raises its alarm, when the watch has stopped", async () => {
    await expect(look(6)).rejects.toMatchObject({
      name: "WatchStoppedError",
      message: expect.stringContaining("02:11:00.000Z"),
    });
  });

  it("a watch region that cannot be asked is as good as one that has stopped", async () => {
    const { engine, door } = await region.stage.powerUp("home");
    door.onCall = async ({ region: asked }) => {
      if (asked === "us-west-2") throw new Error("the region is gone");
    };
    const time = region.stage.clock.now().toISOString();
    await expect(engine.invoke(nameFunction("deadman", "check-watch"), { time })).rejects.toThrow();
  });
});
