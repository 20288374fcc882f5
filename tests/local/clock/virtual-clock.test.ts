import { describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";

const START = new Date("2026-11-22T04:00:00Z");

function secondsSince(clock: VirtualClock): number {
  return (clock.now().getTime() - START.getTime()) / 1000;
}

describe("VirtualClock", () => {
  it("leaps to the next sleeper when everybody sleeps", async () => {
    const clock = new VirtualClock(START);
    await clock.sleep(3_600_000);
    expect(secondsSince(clock)).toBe(3600);
  });

  it("wakes sleepers in the order of their alarms, each at its own time", async () => {
    const clock = new VirtualClock(START);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, seconds: number) => {
      await clock.sleep(seconds * 1000);
      woken.push([name, secondsSince(clock)]);
    };
    await Promise.all([sleeper("late", 30), sleeper("early", 10), sleeper("middle", 20)]);
    expect(woken).toEqual([
      ["early", 10],
      ["middle", 20],
      ["late", 30],
    ]);
  });

  it("stands still while anybody holds it, however long that takes in real time", async () => {
    const clock = new VirtualClock(START);
    const release = clock.hold();
    let woken = false;
    const sleeping = clock.sleep(1000).then(() => {
      woken = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([woken, secondsSince(clock)]).toEqual([false, 0]);
    release();
    release(); // once is enough, twice does no harm
    await sleeping;
    expect(secondsSince(clock)).toBe(1);
  });

  it("needs every hold to be let go", async () => {
    const clock = new VirtualClock(START);
    const holds = [clock.hold(), clock.hold()];
    let woken = false;
    const sleeping = clock.sleep(1000).then(() => {
      woken = true;
    });
    holds[0]?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(woken).toBe(false);
    holds[1]?.();
    await sleeping;
  });

  it("lets go of work that fails", async () => {
    const clock = new VirtualClock(START);
    await expect(clock.during(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await clock.sleep(1000);
    expect(secondsSince(clock)).toBe(1);
  });

  it("gives work that follows at once the chance to hold before it leaps", async () => {
    const clock = new VirtualClock(START);
    const seen: number[] = [];
    const background = clock.sleep(60_000);
    for (let step = 0; step < 3; step += 1) {
      await clock.during(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(secondsSince(clock));
      });
      // What an interpreter does between two states: some turns of the event loop in which nobody holds.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen).toEqual([0, 0, 0]);
    await background;
  });

  it("moves by hand, and never back", async () => {
    const clock = new VirtualClock(START);
    clock.advance(5000);
    clock.advance(-5000);
    expect(secondsSince(clock)).toBe(5);
    await clock.sleep(-1);
    expect(secondsSince(clock)).toBe(5);
  });

  it("lets work that holds it sleep on it, and is held again from the instant of waking", async () => {
    const clock = new VirtualClock(START);
    const seen: number[] = [];
    const late = clock.sleep(61_000).then(() => seen.push(secondsSince(clock)));
    await clock.performing(async () => {
      await clock.sleep(60_000);
      await new Promise((resolve) => setTimeout(resolve, 30));
      seen.push(secondsSince(clock));
    });
    await late;
    expect(seen).toEqual([60, 61]);
  });

  it("stands still as long as other work goes on beside the one that sleeps", async () => {
    const clock = new VirtualClock(START);
    let isDone = false;
    const sleeping = clock.performing(() => clock.sleep(1000));
    await clock.during(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(secondsSince(clock)).toBe(0);
      isDone = true;
    });
    await sleeping;
    expect([isDone, secondsSince(clock)]).toEqual([true, 1]);
  });
});
