import { randomBytes } from "node:crypto";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Settings } from "#platform";
import { readKey } from "#spiped";
import { measureAll } from "../../../../functions/monitor/adapters/measurer.ts";
import { ssmPipeKeys } from "../../../../functions/monitor/adapters/ssm-pipe-keys.ts";
import type { Surroundings } from "../../../../functions/monitor/ports.ts";
import { enterEnvironment, FREEBSD_NOWHERE } from "../../../../local/rehearsal/environment.ts";
import { openRehearsedAccount, type RehearsedAccount } from "../../../local/cloud/rehearsed-account.ts";
import { closeServers, listen, saying } from "../servers/loopback.ts";
import { closePipes, openPipeTo } from "../servers/pipe.ts";
import { checkOf, surroundingsWith } from "../servers/stage.ts";

const SETTINGS: Settings = {
  stage: "test",
  region: "us-west-2",
  functionName: "nightshift-test-monitor-run-checks",
  fleetFile: "fleet.json",
  sshPort: 22,
  bucket: "nightshift-test",
  twilioUrl: "http://127.0.0.1:1",
  ...FREEBSD_NOWHERE,
};
const SALT = Buffer.from("salt");

let account: RehearsedAccount;
let leave = (): void => undefined;
let keys: Pick<Surroundings, "key" | "otherKeys" | "sshKey">;
beforeEach(async () => {
  account = await openRehearsedAccount();
  leave = enterEnvironment({ ...SETTINGS, endpoint: account.door.url });
  keys = ssmPipeKeys(SETTINGS);
});
afterEach(async () => {
  leave();
  await account.close();
  await closeServers();
  await closePipes();
});

async function put(Name: string, Value: string, region = SETTINGS.region): Promise<void> {
  const request = new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true });
  await account.in(region).ssm.send(request);
}

function calls(): number {
  return account.cloud.calls().filter(({ operation }) => operation === "GetParameter").length;
}

describe("keys of pipes", () => {
  test("32 bytes in base64 are what spiped's key file holds", async () => {
    const bytes = randomBytes(32);
    await put("/nightshift/pipes/SSH", `${bytes.toString("base64")}\n`);
    const key = await keys.key("/nightshift/pipes/SSH");
    expect(key.derive(SALT, 32)).toEqual(readKey(bytes).derive(SALT, 32));
  });

  test("each is read once, however many ask at once and afterwards", async () => {
    await put("/nightshift/pipes/SSH", randomBytes(32).toString("base64"));
    await Promise.all([1, 2, 3].map(() => keys.key("/nightshift/pipes/SSH")));
    await keys.key("/nightshift/pipes/SSH");
    expect(calls()).toBe(1);
  });

  test("so is one that is missing, for a while", async () => {
    for (let time = 0; time < 3; time += 1) await expect(keys.key("/nightshift/pipes/NO")).rejects.toThrow();
    expect(calls()).toBe(1);
  });

  test.each([
    ["31 bytes", randomBytes(31).toString("base64")],
    ["33 bytes", randomBytes(33).toString("base64")],
    ["hexadecimal", randomBytes(32).toString("hex")],
    ["something else", "hunter2 hunter2 hunter2"],
    ["base64 with what is none in it", `!${randomBytes(32).toString("base64")}`],
  ])("%s are none, and are not shown", async (_why, value) => {
    await put("/nightshift/pipes/SSH", value);
    await expect(keys.key("/nightshift/pipes/SSH")).rejects.toMatchObject({
      name: "UnusableKeyError",
      message: "the SSM parameter /nightshift/pipes/SSH does not hold a pipe's key: 32 bytes in base64",
    });
  });

  test("a key in another region is none", async () => {
    await put("/nightshift/pipes/SSH", randomBytes(32).toString("base64"), "us-east-1");
    await expect(keys.key("/nightshift/pipes/SSH")).rejects.toThrow(
      "there is no SSM parameter /nightshift/pipes/SSH in us-west-2. Make it there, as a SecureString",
    );
  });

  test("Parameter Store that is down is named", async () => {
    leave();
    leave = enterEnvironment({ ...SETTINGS, endpoint: "http://127.0.0.1:1" });
    await expect(ssmPipeKeys(SETTINGS).key("/nightshift/pipes/SSH")).rejects.toThrow(
      /^the SSM parameter \/nightshift\/pipes\/SSH of us-west-2 could not be read: \w+$/,
    );
  });

  test("a key that is missing stops no other check", async () => {
    const bytes = randomBytes(32);
    await put("/nightshift/pipes/SSH", bytes.toString("base64"));
    const { port } = await listen(saying("SSH-2.0-x\r\n"));
    const { address } = await openPipeTo(port, readKey(bytes));
    const checks = {
      missing: checkOf({ kind: "ssh", address, keyParameter: "/nightshift/pipes/NO" }),
      there: checkOf({ kind: "ssh", address, keyParameter: "/nightshift/pipes/SSH" }),
    };
    const results = await measureAll(checks, surroundingsWith(keys));
    expect(results.get("there")).toMatchObject({ verdict: "GOOD" });
    expect(results.get("missing")).toMatchObject({
      verdict: "FAILED",
      reason: "there is no SSM parameter /nightshift/pipes/NO in us-west-2. Make it there, as a SecureString",
    });
  });
});

describe("keys of pipes, while one follows another", () => {
  const NAME = "/nightshift/pipes/SSH";
  const [old, next] = [randomBytes(32), randomBytes(32)];
  const base64 = (bytes: Buffer) => bytes.toString("base64");
  const check = (address: string) => ({ it: checkOf({ kind: "ssh", address, keyParameter: NAME }) });
  const serverWith = async (bytes: Buffer) => {
    const { port } = await listen(saying("SSH-2.0-x\r\n"));
    return (await openPipeTo(port, readKey(bytes))).address;
  };
  const verdictOf = async (address: string) =>
    (await measureAll(check(address), surroundingsWith(keys))).get("it");

  test("a server that takes the one in force: nothing else is read", async () => {
    await put(NAME, base64(old));
    await put(`${NAME}.next`, base64(next));
    expect(await verdictOf(await serverWith(old))).toMatchObject({ verdict: "GOOD" });
    expect(calls()).toBe(1);
  });

  test("a server that takes the next one already is as good", async () => {
    await put(NAME, base64(old));
    await put(`${NAME}.next`, base64(next));
    expect(await verdictOf(await serverWith(next))).toMatchObject({ verdict: "GOOD" });
  });

  test("the rotation ended since the key was read: the one in force now is as good", async () => {
    await put(NAME, base64(old));
    await keys.key(NAME);
    await put(NAME, base64(next));
    expect(await verdictOf(await serverWith(next))).toMatchObject({ verdict: "GOOD" });
  });

  test("a server that takes neither is what it was: wrong key", async () => {
    await put(NAME, base64(old));
    await put(`${NAME}.next`, base64(next));
    expect(await verdictOf(await serverWith(randomBytes(32)))).toMatchObject({
      verdict: "FAILED",
      reason: "greeting came, but no handshake: wrong key, or the pipe's target is down",
    });
  });

  test("a next key that is none, and the same key, are passed over", async () => {
    await put(NAME, base64(old));
    await put(`${NAME}.next`, "hunter2");
    await keys.key(NAME);
    expect(await keys.otherKeys(NAME)).toEqual([]);
  });

  test("without a next key, many refusals cost two looks", async () => {
    await put(NAME, base64(old));
    const address = await serverWith(next);
    for (let time = 0; time < 3; time += 1) await verdictOf(address);
    expect(calls()).toBe(3);
  });
});

describe("SSH keys", () => {
  const PEM = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";

  test("are read as they are", async () => {
    await put("/nightshift/ssh/canary", PEM);
    expect(await keys.sshKey("/nightshift/ssh/canary")).toBe(PEM);
  });

  test("a public one is none", async () => {
    await put("/nightshift/ssh/canary", "ssh-ed25519 AAAA");
    await expect(keys.sshKey("/nightshift/ssh/canary")).rejects.toThrow(
      "the SSM parameter /nightshift/ssh/canary does not hold a private SSH key",
    );
  });
});
