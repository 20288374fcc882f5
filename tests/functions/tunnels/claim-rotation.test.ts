import { describe, expect, test } from "@jest/globals";
import { claimRotation } from "../../../functions/tunnels/claim-rotation.ts";
import { makeNextKey } from "../../../functions/tunnels/keys.ts";
import { FakeWorld } from "./fakes/fake-world.ts";
import { BOTH_ENDS } from "./fakes/fleets.ts";

const PIPE = "/nightshift/pipes/SSH";
const AT = new Date("2026-11-22T04:00:00Z");

function claim(world: FakeWorld, executionArn: string, running: readonly string[] = []) {
  const executions = { isRunning: async (arn: string) => running.includes(arn) };
  return claimRotation(
    { fleet: BOTH_ENDS, pipe: "SSH", executionArn, at: AT },
    { book: world.book, executions },
  );
}

describe("who rotates a key", () => {
  test("whoever is first, with all ends by name", async () => {
    const claimed = await claim(new FakeWorld(), "arn:one");
    expect(claimed).toEqual({
      rotation: { pipe: PIPE, executionArn: "arn:one" },
      servers: ["www", "mail"].map((host) => ({ host, pipe: "SSH" })),
      clients: [{ host: "pkg", pipe: "TO_WWW" }],
      isTakenOver: false,
      isForward: false,
      isOver: false,
    });
  });

  test("nobody, when the same execution has ended well and is started again", async () => {
    const world = new FakeWorld();
    const { rotation, servers } = await claim(world, "arn:one");
    await world.book.finish(rotation, "rotated", AT);
    const record = world.records.get(PIPE);
    expect(await claim(world, "arn:one")).toMatchObject({ servers, isOver: true });
    expect(world.records.get(PIPE)).toEqual(record);
    expect(await claim(world, "arn:two")).toMatchObject({ isTakenOver: false, isOver: false });
  });

  test("itself once more, when it had to undo everything", async () => {
    const world = new FakeWorld();
    const { rotation } = await claim(world, "arn:one");
    await world.book.finish(rotation, "undone", AT);
    expect(await claim(world, "arn:one")).toMatchObject({ isOver: false });
  });

  test("nobody else while that one runs, who is named", async () => {
    const world = new FakeWorld();
    await claim(world, "arn:one");
    await expect(claim(world, "arn:two", ["arn:one"])).rejects.toMatchObject({
      name: "RotationRunningError",
      message: expect.stringContaining("arn:one"),
    });
    expect(world.records.get(PIPE)).toMatchObject({ executionArn: "arn:one" });
  });

  test("itself once more, when its answer was lost", async () => {
    const world = new FakeWorld();
    await claim(world, "arn:one", ["arn:one"]);
    expect(await claim(world, "arn:one", ["arn:one"])).toMatchObject({
      isTakenOver: false,
      isForward: false,
    });
  });

  test("an heir when it is dead, with its phase", async () => {
    const world = new FakeWorld();
    const { rotation } = await claim(world, "arn:one");
    await world.book.recordKeys(rotation, "f1", "f2");
    expect(await claim(world, "arn:two")).toMatchObject({ isTakenOver: true, isForward: false });
    await expect(world.book.recordSwitching(rotation)).rejects.toMatchObject({
      name: "RotationTakenOverError",
    });
    await world.book.recordSwitching({ pipe: PIPE, executionArn: "arn:two" });
    expect(await claim(world, "arn:three")).toMatchObject({ isTakenOver: true, isForward: true });
  });
});

describe("a key that is gone", () => {
  const start = async (phase: "opening" | "switching") => {
    const world = new FakeWorld();
    world.keys.set(`home ${PIPE}`, Buffer.alloc(32, 1));
    const { rotation } = await claim(world, "arn:one");
    const parts = { book: world.book, store: world.store, random: () => Buffer.alloc(32, 2) };
    await makeNextKey(rotation, parts);
    if (phase === "switching") await world.book.recordSwitching(rotation);
    world.keys.delete(`home ${PIPE}.next`);
    return makeNextKey(rotation, { ...parts, random: () => Buffer.alloc(32, 3) });
  };

  test("before hosts were switched to it, another one takes its place", async () => {
    expect(await start("opening")).toMatchObject({ isForgotten: false });
  });

  test("after that, nobody makes another: hosts take that one alone", async () => {
    await expect(start("switching")).rejects.toMatchObject({ name: "KeyLostError" });
  });

  test("the one in force: it says how to make one", async () => {
    const world = new FakeWorld();
    const { rotation } = await claim(world, "arn:one");
    const parts = { book: world.book, store: world.store, random: () => Buffer.alloc(32, 2) };
    await expect(makeNextKey(rotation, parts)).rejects.toMatchObject({
      name: "KeyLostError",
      message: expect.stringContaining("nightshift keys new"),
    });
  });
});
