import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseHostKeys } from "../../functions/ami/host-key-block.ts";
import { makeSshKey } from "../../local/builder/ssh-key.ts";
import { bootedMachine, type TestMachine } from "../local/builder/test-machine.ts";

const present = spawnSync("ssh", ["-V"]).status === 0;
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (!present) console.log("OpenSSH's ssh is not installed: nobody but ssh2 logs in to a rehearsed machine");

interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

let it: TestMachine;
let folder: string;
beforeAll(async () => {
  it = await bootedMachine();
  folder = mkdtempSync(join(tmpdir(), "nightshift-openssh-"));
  writeFileSync(join(folder, "key"), it.key.private, { mode: 0o600 });
  writeFileSync(join(folder, "wrong-key"), makeSshKey("ed25519").private, { mode: 0o600 });
});
afterAll(async () => {
  await it.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program of OpenSSH's without waiting for it in the way: sshd lives in this very process. */
function run(program: string, args: readonly string[], input = ""): Promise<Answer> {
  return new Promise((resolve) => {
    const child = execFile(program, args, (error, stdout, stderr) => {
      resolve({
        status: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
        stdout,
        stderr,
      });
    });
    child.stdin?.end(input);
  });
}

function ssh(command: string, options: { key?: string; knownHosts?: string; input?: string } = {}) {
  const { key = "key", knownHosts = "/dev/null", input = "" } = options;
  const settings = [
    "BatchMode=yes",
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    `StrictHostKeyChecking=${knownHosts === "/dev/null" ? "no" : "yes"}`,
    `UserKnownHostsFile=${knownHosts}`,
    "GlobalKnownHostsFile=/dev/null",
  ];
  return run(
    "ssh",
    [
      "-F",
      "/dev/null",
      "-q",
      "-p",
      String(it.spec.sshPort),
      "-i",
      join(folder, key),
      ...settings.flatMap((setting) => ["-o", setting]),
      `ec2-user@${it.machine.address}`,
      command,
    ],
    input,
  );
}

(present || required ? describe : describe.skip)("OpenSSH's client", () => {
  test("logs in and runs a script as root", async () => {
    const script = 'id -un\ncat >/dev/null <<END\nEND\nmount -p | grep -c "/mnt"\nexit 7\n';
    expect(await ssh("su -m root -c 'exec /bin/sh -s'", { input: script })).toEqual({
      status: 7,
      stdout: "root\n1\n",
      stderr: "",
    });
  });

  test("moves much in both directions", async () => {
    const input = "0123456789abcdef".repeat(40_000);
    expect((await ssh("cat", { input })).stdout === input).toBe(true);
  });

  test("is refused with another key", async () => {
    expect(await ssh("id", { key: "wrong-key" })).toMatchObject({ status: 255, stdout: "" });
  });

  test("finds the fingerprints that the console shows", async () => {
    const { stdout: keys } = await run("ssh-keyscan", [
      "-T",
      "30",
      "-p",
      String(it.spec.sshPort),
      it.machine.address,
    ]);
    writeFileSync(join(folder, "known-hosts"), keys);
    const { stdout } = await run("ssh-keygen", ["-lf", join(folder, "known-hosts")]);
    const scanned = [...stdout.matchAll(/(SHA256:\S+)/g)].map(([, fingerprint]) => fingerprint);
    const shown = parseHostKeys(it.machine.consoleOutput())?.map(({ fingerprint }) => fingerprint);
    expect(new Set(scanned)).toEqual(new Set(shown));
    expect(await ssh("echo pinned", { knownHosts: join(folder, "known-hosts") })).toMatchObject({
      stdout: "pinned\n",
    });
  });

  test("a detached process does not keep it waiting", async () => {
    expect(await ssh("nohup sleep 100000 >/dev/null 2>&1 & echo back")).toMatchObject({ stdout: "back\n" });
  });
});
