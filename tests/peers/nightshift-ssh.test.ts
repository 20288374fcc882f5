import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { openRehearsedAccount, type RehearsedAccount } from "../local/cloud/rehearsed-account.ts";
import { freeAddress, startSpiped, whyNoSpiped } from "./real-spiped.ts";
import { type RealSshd, startSshd, whyNoSshd } from "./real-sshd.ts";

/* The operator's ssh, `nightshift ssh` around it, Debian's spiped and sshd behind it, and a rehearsed Parameter Store. */
const reason = whyNoSpiped() ?? whyNoSshd();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (reason !== undefined) console.log(`${reason}: nobody logs in with nightshift ssh`);

const PROJECT = join(import.meta.dirname, "../..");
const USER = "sshuser";
const KEY = randomBytes(32);
let folder: string;
let sshd: RealSshd;
let account: RehearsedAccount;
const open: (() => unknown)[] = [];

(reason === undefined || required ? describe : describe.skip)("nightshift ssh", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "nightshift-peer-ssh-"));
    for (const name of ["bin", "tmp"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "key"), KEY, { mode: 0o600 });
    sshd = await startSshd((await freeAddress()).port, USER);
    open.push(() => sshd.stop());
    writeFileSync(join(folder, "user"), sshd.privateKey, { mode: 0o600 });
    // What stands in ~/.ssh/config otherwise.
    const own = `-F /dev/null -i ${join(folder, "user")} -o IdentitiesOnly=yes -o BatchMode=yes`;
    writeFileSync(join(folder, "bin/ssh"), `#!/bin/sh\nexec /usr/bin/ssh ${own} "$@"\n`);
    chmodSync(join(folder, "bin/ssh"), 0o755);
    const real = await startSpiped("-d", await freeAddress(), sshd, join(folder, "key"));
    open.push(() => real.stop());
    account = await openRehearsedAccount();
    open.push(() => account.close());
    const fleet = parse(readFileSync(join(PROJECT, "fleet.yml"), "utf8"));
    const { host, port } = real.address as { host: string; port: number };
    fleet.hosts = {
      www: { image: "base", address: `${host}:${port}`, hostKey: sshd.hostKey },
      impostor: { image: "base", address: `localhost:${port}`, hostKey: fleet.hosts.mail.hostKey },
    };
    writeFileSync(join(folder, "fleet.yml"), JSON.stringify(fleet));
  });
  afterAll(async () => {
    for (const close of open.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function put(Name: string, key: Buffer): Promise<void> {
    const Value = key.toString("base64");
    await account.ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
  }

  async function ssh(host: string, command: readonly string[], input = "") {
    const argv = ["ssh", host, "-l", USER, "--fleet", join(folder, "fleet.yml"), "--", ...command];
    const child = spawn(process.execPath, [join(PROJECT, "cli/nightshift.js"), ...argv], {
      env: {
        PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
        HOME: folder,
        TMPDIR: join(folder, "tmp"),
        AWS_ENDPOINT_URL: account.door.url,
        AWS_ACCESS_KEY_ID: "OWNER",
        AWS_SECRET_ACCESS_KEY: "owner",
      },
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (bytes) => out.push(bytes));
    child.stderr.on("data", (bytes) => err.push(bytes));
    child.stdin.on("error", () => undefined).end(input);
    const [status] = await once(child, "close");
    return { out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString(), status };
  }

  test("logs in, runs a command, and has its status", async () => {
    await put("/nightshift/pipes/SSH", KEY);
    expect(await ssh("www", ["id -un; exit 7"])).toEqual({ out: `${USER}\n`, err: "", status: 7 });
  });

  test("standard input reaches the command, and much comes back", async () => {
    const input = "0123456789abcdef".repeat(50_000);
    const { out, status } = await ssh("www", ["cat"], input);
    expect([out === input, status]).toEqual([true, 0]);
  });

  test("while the key is rotated, the next one is as good", async () => {
    await put("/nightshift/pipes/SSH", randomBytes(32));
    await put("/nightshift/pipes/SSH.next", KEY);
    expect(await ssh("www", ["id", "-un"])).toEqual({ out: `${USER}\n`, err: "", status: 0 });
  });

  test("a host with another key than the pinned one: nobody is logged in", async () => {
    const { out, err, status } = await ssh("impostor", ["id"]);
    expect(err).toContain("Host key verification failed");
    expect([out, status]).toEqual(["", 255]);
  });

  test("nothing is left on this machine", () => {
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });
});
