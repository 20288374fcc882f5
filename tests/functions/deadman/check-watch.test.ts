import { describe, expect, it } from "@jest/globals";
import { checkWatch } from "../../../functions/deadman/check-watch.ts";
import type { WatchBoard } from "../../../functions/deadman/ports.ts";

const NOW = new Date("2026-11-27T03:02:00.000Z");

function boardOf(lastRun: Date | undefined): WatchBoard {
  return { lastRun: async () => lastRun };
}

function secondsAgo(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

describe("a watch that works", () => {
  it.each([
    { age: 0, why: "it ran in this minute" },
    { age: 60, why: "it ran in the last one" },
    { age: 240, why: "three runs failed" },
    { age: 300, why: "as old as it may be" },
    { age: -60, why: "its region's clock is ahead of ours" },
  ])("$age s ago: $why", async ({ age }) => {
    expect(await checkWatch(NOW, true, boardOf(secondsAgo(age)))).toEqual({
      lastRun: secondsAgo(age).toISOString(),
      ageSeconds: age,
    });
  });

  it("none is wanted: the board is not even looked at", async () => {
    const board = { lastRun: () => Promise.reject(new Error("there is no table")) };
    expect(await checkWatch(NOW, false, board)).toEqual({ lastRun: "none wanted" });
  });
});

describe("a watch that does not", () => {
  it.each([
    { age: 301, minutes: "5", why: "longer than three failures take" },
    { age: 360, minutes: "6", why: "a minute more" },
    { age: 86_400, minutes: "1440", why: "a day" },
  ])("$age s ago: $why", async ({ age, minutes }) => {
    await expect(checkWatch(NOW, true, boardOf(secondsAgo(age)))).rejects.toMatchObject({
      name: "WatchStoppedError",
      message: `the monitor's last run was at ${secondsAgo(age).toISOString()}, ${minutes} minutes ago: nothing is watched`,
    });
  });

  it("never ran", async () => {
    await expect(checkWatch(NOW, true, boardOf(undefined))).rejects.toMatchObject({
      name: "NothingWatchedError",
    });
  });

  it("cannot be asked: that is as good as its silence", async () => {
    const board = { lastRun: () => Promise.reject(new Error("the region is down")) };
    await expect(checkWatch(NOW, true, board)).rejects.toThrow("the region is down");
  });
});
