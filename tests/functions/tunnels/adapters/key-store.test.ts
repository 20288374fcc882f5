import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "@jest/globals";
import { operatorSettings } from "../../../../cli/deployed/operator-settings.ts";
import { ssmKeyStore } from "../../../../functions/tunnels/adapters/ssm-key-store.ts";
import type { KeyStore } from "../../../../functions/tunnels/ports.ts";
import { rehearsedAccount } from "../../monitor/fakes/in-rehearsal.ts";
import { FakeWorld } from "../fakes/fake-world.ts";

const account = rehearsedAccount();
const SETTINGS = operatorSettings("us-east-1", "test");
const REGIONS = { home: "us-east-1", watch: "us-west-2" };
const [ONE, OTHER] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

/** The one in Parameter Store, and the fake that the other tests stand on, must behave alike. */
const STORES: [name: string, make: () => KeyStore][] = [
  ["Parameter Store", () => ssmKeyStore(SETTINGS, REGIONS)],
  ["the fake", () => new FakeWorld().store],
];
let names = 0;
const newName = () => {
  names += 1;
  return `/nightshift/pipes/K${names}`;
};

describe.each(STORES)("keys in %s", (_name, make) => {
  test("are made once, and of two at once one is kept", async () => {
    const [store, name] = [make(), newName()];
    expect(await store.read("home", name)).toBeUndefined();
    const made = await Promise.all([store.create("home", name, ONE), store.create("home", name, OTHER)]);
    expect([...made].sort()).toEqual([false, true]);
    expect(await store.read("home", name)).toEqual(made[0] ? ONE : OTHER);
  });

  test("are another's in another region", async () => {
    const [store, name] = [make(), newName()];
    await store.create("home", name, ONE);
    expect(await store.read("watch", name)).toBeUndefined();
    expect(await store.create("watch", name, OTHER)).toBe(true);
    expect(await store.read("home", name)).toEqual(ONE);
  });

  test("are replaced, and removed, as often as one likes", async () => {
    const [store, name] = [make(), newName()];
    await store.create("home", name, ONE);
    for (let time = 0; time < 2; time += 1) await store.replace("home", name, OTHER);
    expect(await store.read("home", name)).toEqual(OTHER);
    for (let time = 0; time < 2; time += 1) await store.remove("home", name);
    expect(await store.read("home", name)).toBeUndefined();
  });
});

test("they lie as SecureStrings in base64, and what is none is refused without being shown", async () => {
  const [store, name] = [ssmKeyStore(SETTINGS, REGIONS), newName()];
  const { ssm } = account();
  await store.create("home", name, ONE);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  expect(Parameter).toMatchObject({ Type: "SecureString", Value: ONE.toString("base64") });
  await ssm.send(new PutParameterCommand({ Name: name, Value: "hunter2", Overwrite: true }));
  await expect(store.read("home", name)).rejects.toMatchObject({
    name: "UnusableKeyError",
    message: expect.not.stringContaining("hunter2"),
  });
});
