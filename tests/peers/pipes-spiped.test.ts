import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findImage, parseFleet } from "#fleet";
import { dial, readKey } from "#spiped";
import { pipesCommand } from "../../functions/ami/recipe/pipes-command.ts";
import { spipedPipes } from "../../functions/ami/recipe/spiped-pipes.ts";
import { fingerprintOf } from "../../functions/tunnels/fingerprint.ts";
import { readReport } from "../../functions/tunnels/host-report.ts";
import { freeAddress, whyNoSpiped } from "./real-spiped.ts";

/*
 * The program that changes keys on hosts, and Debian's spiped under it: real processes, signals, ports and pid files. Only what
 * Debian has not is stood in for: sysrc, sha256, and the user spiped.
 */
const reason = whyNoSpiped();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (reason !== undefined) console.log(`${reason}: no key is changed under it`);

const PROJECT = join(import.meta.dirname, "../..");
const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
let root: string;
let target: Server;
let first: number;
let second: number;
const open: (() => unknown)[] = [];

(reason === undefined || required ? describe : describe.skip)("a live pipe of Debian's spiped", () => {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "nightshift-peer-pipes-"));
    target = createServer({ allowHalfOpen: false }, (socket) => {
      socket.on("error", () => undefined);
      socket.write("hello\n");
      socket.pipe(socket);
    }).listen(0, "127.0.0.1");
    await once(target, "listening");
    const address = target.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    first = (await freeAddress()).port;
    second = (await freeAddress()).port;
    install(address.port);
    start();
    await untilTaken(first, OLD);
  });
  afterAll(async () => {
    for (const close of open.reverse()) close();
    for (const entry of ["SSH", "SSH_next"]) end(entry);
    target.close();
    rmSync(root, { recursive: true, force: true });
  });

  test("is rotated while a connection is held through the other door", async () => {
    expect(pipes(`add SSH ${second}`, NEW)).toEqual({ first: at(OLD), second: at(NEW) });
    expect([await takes(first, OLD), await takes(first, NEW)]).toEqual([true, false]);
    expect([await takes(second, OLD), await takes(second, NEW)]).toEqual([false, true]);

    const held = await talk(second, NEW);
    const cut = await talk(first, OLD); // spiped would keep its port for it for ever
    expect(pipes("promote SSH")).toEqual({ first: at(NEW), second: at(NEW) });
    expect([await takes(first, OLD), await takes(first, NEW)]).toEqual([false, true]);
    expect(await echoes(held)).toBe(true);
    cut.destroy();
    held.destroy();

    const kept = await talk(first, NEW);
    expect(pipes("drop SSH")).toEqual({
      first: at(NEW),
      second: { fingerprint: undefined, isRunning: false },
    });
    expect([await takes(first, NEW), await takes(second, NEW)]).toEqual([true, false]);
    expect(await echoes(kept)).toBe(true);
    kept.destroy();
  });

  test("a port that somebody else has: it says so, and the first door stays", async () => {
    const other = createServer().listen(second, "0.0.0.0");
    await once(other, "listening");
    const { status, stderr } = run(`add SSH ${second}`, OLD);
    expect({ status, stderr }).toEqual({
      status: 70,
      stderr: expect.stringMatching(/SSH_next does not start.*\n/),
    });
    expect(await takes(first, NEW)).toBe(true);
    await new Promise((done) => other.close(done));
    expect(pipes("drop SSH")).toEqual({
      first: at(NEW),
      second: { fingerprint: undefined, isRunning: false },
    });
  });
});

function install(port: number): void {
  const image = findImage(parseFleet(readFileSync(join(PROJECT, "fleet.yml"), "utf8"), "fleet.yml"), "base");
  const ssh = { ...image.pipes.SSH, source: `0.0.0.0:${first}`, target: `127.0.0.1:${port}` };
  const changed = { ...image, pipes: { SSH: ssh } } as typeof image;
  for (const folder of ["etc", "var/run", "usr/local/etc/spiped", "bin", "machine"])
    mkdirSync(join(root, folder), { recursive: true });
  const settings = spipedPipes(changed).rcSettings ?? [];
  writeFileSync(join(root, "etc/rc.conf"), settings.map(([key, value]) => `${key}="${value}"\n`).join(""));
  writeFileSync(join(root, "usr/local/etc/spiped/SSH.key"), OLD, { mode: 0o400 });
  writeFileSync(join(root, "pipes"), pipesCommand(changed));
  // Debian's package makes no user of that name.
  const spiped = spawnSync("/bin/sh", ["-c", "command -v spiped"], { encoding: "utf8" }).stdout.trim();
  const wrapper = `#!/bin/sh\nfor word; do\n  shift\n  if [ "$word" = -u ]; then skip=yes; elif [ -n "\${skip-}" ]; then skip=; else set -- "$@" "$word"; fi\ndone\nexec ${spiped} "$@"\n`;
  writeFileSync(join(root, "bin/spiped"), wrapper);
  chmodSync(join(root, "bin/spiped"), 0o755);
}

function environment(): NodeJS.ProcessEnv {
  const standIns = ["sysrc", "sha256", "machine.sh"].map((name) =>
    join(PROJECT, "local/builder/stand-ins", name),
  );
  for (const file of standIns) spawnSync("cp", [file, join(root, "bin")]);
  return {
    PATH: `${join(root, "bin")}:/usr/bin:/bin`,
    USER: "root",
    NIGHTSHIFT_ROOT: root,
    NIGHTSHIFT_MACHINE: join(root, "machine"),
  };
}

function start(): void {
  const words = ["-d", "-s", `[0.0.0.0]:${first}`, "-t", `[127.0.0.1]:${portOf(target)}`, "-D", "-g"];
  const files = [
    "-k",
    join(root, "usr/local/etc/spiped/SSH.key"),
    "-p",
    join(root, "var/run/spiped_SSH.pid"),
  ];
  spawnSync("spiped", [...words, ...files], { stdio: "ignore" });
}

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}

function run(command: string, key?: Buffer) {
  const env = { ...environment(), SSH_ORIGINAL_COMMAND: command };
  const input = key === undefined ? "" : `${key.toString("base64")}\n`;
  return spawnSync("/bin/sh", [join(root, "pipes")], { env, input, encoding: "utf8" });
}

function pipes(command: string, key?: Buffer) {
  const { status, stdout, stderr } = run(command, key);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return readReport(stdout);
}

const at = (key: Buffer) => ({ fingerprint: fingerprintOf(key), isRunning: true });

/** A connection through the pipe, on which the target has greeted. */
async function talk(port: number, key: Buffer): Promise<Duplex> {
  const stream = await dial({ target: { host: "127.0.0.1", port }, key: readKey(key) });
  stream.on("error", () => undefined);
  open.push(() => stream.destroy());
  await once(stream, "data");
  return stream;
}

async function takes(port: number, key: Buffer): Promise<boolean> {
  return talk(port, key).then(
    (stream) => stream.destroy() !== undefined,
    () => false,
  );
}

async function echoes(stream: Duplex): Promise<boolean> {
  stream.write("still there?");
  const [answer] = await Promise.race([once(stream, "data"), once(stream, "close").then(() => [""])]);
  return String(answer) === "still there?";
}

async function untilTaken(port: number, key: Buffer): Promise<void> {
  while (!(await takes(port, key))) await new Promise((wake) => setTimeout(wake, 50));
}

/** Ends a process that the program or the test started, by its pid file. */
function end(entry: string): void {
  try {
    process.kill(Number(readFileSync(join(root, `var/run/spiped_${entry}.pid`), "utf8")), "SIGKILL");
  } catch {
    // it has ended
  }
}
