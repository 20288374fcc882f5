import { randomBytes } from "node:crypto";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { type AccessKeys, nextKeyParameter, ssmKeys } from "#hosts";
import { readSettings } from "#platform";
import { readKey } from "#spiped";
import { makeSshKey } from "../../../local/builder/ssh-key.ts";
import { rehearsedAccount } from "../../functions/monitor/fakes/in-rehearsal.ts";

const account = rehearsedAccount();
const SETTINGS = readSettings(
  {
    AWS_REGION: "us-east-1",
    NIGHTSHIFT_STAGE: "test",
    NIGHTSHIFT_FLEET: "fleet.json",
    NIGHTSHIFT_BUCKET: "nightshift-test",
  },
  "nightshift-test-updates-check-host",
);
const SALT = Buffer.from("salt");

let keys: AccessKeys;
/** A parameter of its own for each test. */
let parameter: string;
beforeEach(() => {
  keys = ssmKeys(SETTINGS);
  parameter = `/nightshift/pipes/K${randomBytes(6).toString("hex")}`;
});

async function put(Name: string, Value: string): Promise<void> {
  const request = new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true });
  await account().in(SETTINGS.region).ssm.send(request);
}

async function derived(name: string): Promise<string[]> {
  return (await keys.pipeKeys(name)).map((key) => key.derive(SALT, 32).toString("hex"));
}
const expected = (bytes: Buffer) => readKey(bytes).derive(SALT, 32).toString("hex");

describe("the keys of a pipe", () => {
  it("32 bytes in base64, with or without a newline, are one", async () => {
    const bytes = randomBytes(32);
    await put(parameter, `${bytes.toString("base64")}\n`);
    expect(await derived(parameter)).toEqual([expected(bytes)]);
  });

  it("while it is rotated there are two, the one in force first", async () => {
    const [now, next] = [randomBytes(32), randomBytes(32)];
    await put(nextKeyParameter(parameter), next.toString("base64"));
    await put(parameter, now.toString("base64"));
    expect(await derived(parameter)).toEqual([expected(now), expected(next)]);
  });

  it("are read anew each time: a key that has changed counts at once", async () => {
    const [former, present] = [randomBytes(32), randomBytes(32)];
    await put(parameter, former.toString("base64"));
    await derived(parameter);
    await put(parameter, present.toString("base64"));
    expect(await derived(parameter)).toEqual([expected(present)]);
  });

  it.each([
    ["31 bytes", randomBytes(31).toString("base64")],
    ["33 bytes", randomBytes(33).toString("base64")],
    ["hexadecimal", randomBytes(32).toString("hex")],
    ["something else", "hunter2 hunter2 hunter2"],
  ])("%s are none, and are not shown", async (_why, value) => {
    await put(parameter, value);
    await expect(keys.pipeKeys(parameter)).rejects.toMatchObject({
      name: "UnusableKeyError",
      message: `the SSM parameter ${parameter} does not hold a pipe's key: 32 bytes in base64`,
    });
  });

  it("one that is to follow, where none is in force, is not enough", async () => {
    await put(nextKeyParameter(parameter), randomBytes(32).toString("base64"));
    await expect(keys.pipeKeys(parameter)).rejects.toMatchObject({
      name: "UnusableKeyError",
      message: `there is no SSM parameter ${parameter} in us-east-1`,
    });
  });
});

describe("a private SSH key", () => {
  it("is read as it stands", async () => {
    const { private: text } = makeSshKey("ed25519");
    await put("/nightshift/ssh/updates", text);
    expect(await keys.privateKey("/nightshift/ssh/updates")).toBe(text);
  });

  it.each([
    ["missing", undefined, /^there is no SSM parameter/],
    ["a public one", "ssh-ed25519 AAAAhunter2", /does not hold a private SSH key$/],
  ])("that is %s is refused, and not shown", async (_why, value, message) => {
    const name = `/nightshift/ssh/${randomBytes(6).toString("hex")}`;
    if (value !== undefined) await put(name, value);
    const refusal = expect.objectContaining({
      name: "UnusableKeyError",
      message: expect.stringMatching(message),
    });
    await expect(keys.privateKey(name)).rejects.toEqual(refusal);
  });
});
