import { expect, test } from "@jest/globals";
import { fingerprintOf } from "../../../functions/tunnels/fingerprint.ts";
import { beginSwitch, makeNextKey, readKeyInForce } from "../../../functions/tunnels/keys.ts";
import type { KeyStore } from "../../../functions/tunnels/ports.ts";
import { FakeWorld } from "./fakes/fake-world.ts";

const PIPE = "/nightshift/pipes/SSH";
const NEXT = `${PIPE}.next`;
const ROTATION = { pipe: PIPE, executionArn: "arn:one" };
const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

async function begun(): Promise<FakeWorld> {
  const world = new FakeWorld();
  for (const place of ["home", "watch"]) world.keys.set(`${place} ${PIPE}`, OLD);
  await world.book.claim(ROTATION, "", new Date(0));
  return world;
}

test("a new key is taken as it was made, though Parameter Store does not show it yet", async () => {
  const { store, book, keys } = await begun();
  const isLate: KeyStore = {
    ...store,
    read: async (place, name) => (name === NEXT ? undefined : store.read(place, name)),
  };
  const change = await makeNextKey(ROTATION, { book, store: isLate, random: () => NEW });
  expect(change).toEqual({ from: fingerprintOf(OLD), to: fingerprintOf(NEW), isForgotten: false });
  expect([keys.get(`home ${NEXT}`), keys.get(`watch ${NEXT}`)]).toEqual([NEW, NEW]);
});

test("no client is led back with another key than the one that must be in force by then", async () => {
  const { store } = await begun();
  expect(await readKeyInForce(ROTATION, fingerprintOf(OLD), store)).toEqual(OLD);
  await expect(readKeyInForce(ROTATION, fingerprintOf(NEW), store)).rejects.toMatchObject({
    name: "KeyLostError",
  });
});

test.each([
  ["nothing lies there", undefined],
  ["another one lies there", OLD],
])("while the next key can be lost, there is a way back: %s", async (_what, key) => {
  for (const place of ["home", "watch"] as const) {
    const world = await begun();
    const { to } = await makeNextKey(ROTATION, { ...world, random: () => NEW });
    await world.store.remove(place, NEXT);
    if (key !== undefined) await world.store.create(place, NEXT, key);
    await expect(beginSwitch(ROTATION, to, world)).rejects.toMatchObject({ name: "KeyLostError" });
    expect(world.records.get(PIPE)?.phase).toBe("opening");
  }
});
