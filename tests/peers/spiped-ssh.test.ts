import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Address, dial, readKey, serve, writeAddress } from "#spiped";
import { freeAddress, startSpiped, whyNoSpiped } from "./real-spiped.ts";
import { type RealSshd, startSshd, whyNoSshd } from "./real-sshd.ts";

/* OpenSSH on both ends, and between them `nightshift spipe` and spiped, or a server of ours. */
const reason = whyNoSpiped() ?? whyNoSshd();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (reason !== undefined) console.log(`${reason}: nobody logs in through spipe`);

const COMMAND = join(import.meta.dirname, "../../cli/nightshift.js");
const KEY = randomBytes(32);
let folder: string;
let sshd: RealSshd;
const servers: Record<string, Address> = {};
const open: (() => unknown)[] = [];

(reason === undefined || required ? describe : describe.skip)("ssh through nightshift spipe", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "nightshift-ssh-spipe-"));
    writeFileSync(join(folder, "key"), KEY, { mode: 0o600 });
    writeFileSync(join(folder, "other-key"), randomBytes(32), { mode: 0o600 });
    sshd = await startSshd((await freeAddress()).port, "pipeuser");
    open.push(() => sshd.stop());
    writeFileSync(join(folder, "user"), sshd.privateKey, { mode: 0o600 });
    const real = await startSpiped("-d", await freeAddress(), sshd, join(folder, "key"));
    open.push(() => real.stop());
    const ours = await serve({
      source: { host: "127.0.0.1", port: 0 },
      target: { host: sshd.host, port: sshd.port },
      key: readKey(KEY),
    });
    open.push(() => ours.close());
    if (typeof ours.address === "string") throw new Error("not TCP");
    servers["spiped -d"] = real.address;
    servers["our server"] = { host: "127.0.0.1", port: ours.address.port };
  });
  afterAll(async () => {
    for (const close of open.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** ssh as a user runs it, with a ProxyCommand as --help teaches it. The host name leads nowhere by itself. */
  async function ssh(server: string, command: string, { input = "", key = "key" } = {}) {
    const target = writeAddress(servers[server] ?? { path: "/nonexistent" });
    const proxy = `${process.execPath} ${COMMAND} spipe -t ${target} -k ${join(folder, key)}`;
    const settings = [
      `ProxyCommand=${proxy}`,
      "BatchMode=yes",
      "IdentitiesOnly=yes",
      "IdentityAgent=none",
      "StrictHostKeyChecking=no",
      "UserKnownHostsFile=/dev/null",
      "LogLevel=ERROR",
    ].flatMap((setting) => ["-o", setting]);
    const argv = ["-F", "/dev/null", "-i", join(folder, "user"), ...settings];
    const child = spawn("ssh", [...argv, "pipeuser@system.invalid", command]);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (bytes) => out.push(bytes));
    child.stderr.on("data", (bytes) => err.push(bytes));
    child.stdin.on("error", () => undefined).end(input);
    const [status] = await once(child, "close");
    return { out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString(), status };
  }

  describe.each(["spiped -d", "our server"])("to %s", (server) => {
    test("logs in, runs a command, and has its status", async () => {
      expect(await ssh(server, "id -un; exit 7")).toEqual({ out: "pipeuser\n", err: "", status: 7 });
    });

    test("moves much in both directions", async () => {
      const input = "0123456789abcdef".repeat(200_000);
      const { out, status } = await ssh(server, "cat", { input });
      expect(out === input).toBe(true);
      expect(status).toBe(0);
    });

    test("with another key: says why, and nobody logs in", async () => {
      const { out, err, status } = await ssh(server, "id", { key: "other-key" });
      expect(err).toContain("nightshift: the peer closed the connection during the handshake");
      expect([out, status]).toEqual(["", 255]);
    });

    test("a stream of ours hears sshd's banner", async () => {
      const stream = await dial({ target: servers[server] as Address, key: readKey(KEY) });
      expect(String(await once(stream, "data"))).toMatch(/^SSH-2\.0-OpenSSH/);
      stream.destroy();
    });
  });
});
