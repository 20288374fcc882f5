import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findHost, splitAddress } from "#fleet";
import { makeSshKey } from "../../local/builder/ssh-key.ts";
import { errandKeyOf, pipeKeyOf } from "../../local/rehearsal/host-keys-of-fleet.ts";
import { type HostsScene, hostsScene } from "../../local/rehearsal/hosts-scene.ts";
import { whyNoSpiped } from "./real-spiped.ts";

/* Debian's spipe and OpenSSH's client on the way into a rehearsed host. */
const reason =
  whyNoSpiped() ?? (spawnSync("ssh", ["-V"]).status === 0 ? undefined : "OpenSSH's ssh is not installed");
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (reason !== undefined) console.log(`${reason}: nobody but us logs in to a rehearsed host`);

const ROOT = join(import.meta.dirname, "../..");
let scene: HostsScene;
let folder: string;
const file = (name: string) => join(folder, name);

(reason === undefined || required ? describe : describe.skip)("ssh through spipe to a rehearsed host", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "nightshift-peer-host-"));
    scene = await hostsScene({
      ...{ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), faults: [], folder: join(folder, "stage") },
      time: new Date("2026-11-27T05:00:00.000Z"),
    });
    const { address, hostKey, keyParameter } = findHost(scene.fleet, "www");
    writeFileSync(file("pipe"), Buffer.from(pipeKeyOf(keyParameter), "base64"), { mode: 0o600 });
    writeFileSync(file("other-pipe"), Buffer.alloc(32, 7), { mode: 0o600 });
    writeFileSync(file("updates"), errandKeyOf("updates").private, { mode: 0o600 });
    writeFileSync(file("other"), makeSshKey("ed25519").private, { mode: 0o600 });
    writeFileSync(file("known"), `www ${hostKey}\n`);
    writeFileSync(file("strangers"), `www ${findHost(scene.fleet, "mail").hostKey}\n`);
    writeFileSync(file("address"), address);
  });
  afterAll(async () => {
    await scene.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function ssh(
    args: readonly string[],
    { key = "updates", pipe = "pipe", known = "known", user = "root" } = {},
  ) {
    const { address } = findHost(scene.fleet, "www");
    const { host, port } = splitAddress(address);
    const settings = [
      `ProxyCommand=spipe -t [${host}]:${port} -k ${file(pipe)}`,
      "BatchMode=yes",
      "IdentitiesOnly=yes",
      "IdentityAgent=none",
      "StrictHostKeyChecking=yes",
      `UserKnownHostsFile=${file(known)}`,
      "GlobalKnownHostsFile=/dev/null",
      "LogLevel=ERROR",
    ].flatMap((setting) => ["-o", setting]);
    return new Promise<{ status: number; out: string; err: string }>((resolve) => {
      const argv = ["-F", "/dev/null", "-i", file(key), ...settings, ...args, `${user}@www`];
      const child = execFile("ssh", [...argv, "cat /etc/passwd"], (error, out, err) => {
        resolve({ status: typeof error?.code === "number" ? error.code : 0, out, err });
      });
      child.stdin?.end();
    });
  }

  test("runs the errand's program in place of what was asked for", async () => {
    const { status, out } = await ssh([]);
    expect({ status, first: out.split("\n")[0] }).toEqual({ status: 0, first: "nightshift-updates 1" });
    expect(out).not.toContain("root:");
  });

  test("gives no terminal, and forwards nothing", async () => {
    expect((await ssh(["-tt"])).err).toMatch(/PTY allocation request failed/);
    const forwarded = await ssh(["-W", "127.0.0.1:8025"]);
    expect(forwarded.status).not.toBe(0);
  });

  test.each([
    ["another SSH key", { key: "other" }, /Permission denied \(publickey\)/],
    ["the errand's key as ec2-user", { user: "ec2-user" }, /Permission denied \(publickey\)/],
    ["a host key that is not pinned", { known: "strangers" }, /Host key verification failed/],
    ["another pipe key", { pipe: "other-pipe" }, /Connection (closed|reset)/],
  ])("is refused with %s", async (_what, changes, why) => {
    const { status, out, err } = await ssh([], changes);
    expect({ status, out }).toEqual({ status: 255, out: "" });
    expect(err).toMatch(why);
  });

  test("sshd has no port", async () => {
    const { host } = splitAddress(findHost(scene.fleet, "www").address);
    for (const port of [22, scene.stage.cloud.sshPort]) {
      const [error] = await once(connect({ host, port }), "error");
      expect(error).toMatchObject({ code: "ECONNREFUSED" });
    }
  });

  test("spiped's own client hears sshd's banner", async () => {
    const { host, port } = splitAddress(findHost(scene.fleet, "www").address);
    const spipe = spawn("spipe", ["-t", `[${host}]:${port}`, "-k", file("pipe")]);
    expect(String((await once(spipe.stdout, "data"))[0])).toMatch(/^SSH-2\.0-OpenSSH/);
    spipe.kill();
  });
});
