import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readKey, type SpipedServer, serve } from "#spiped";
import { deadAddress, echo, type Loopback, listen, slowEcho } from "../../layers/spiped/loopback.ts";

const KEY = randomBytes(32);
let folder: string;
let keyFile: string;
const open: (() => unknown)[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-spipe-"));
  keyFile = file("key", KEY);
});
afterAll(async () => {
  for (const close of open.reverse()) await close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: Buffer | string, mode = 0o600): string {
  writeFileSync(join(folder, name), content, { mode });
  chmodSync(join(folder, name), mode);
  return join(folder, name);
}

/** A server of ours before a target; its address as the command takes it. */
async function served(treat: Parameters<typeof listen>[0], options: object = {}) {
  const target: Loopback = await listen(treat);
  const source = { host: "127.0.0.1", port: 0 };
  const server: SpipedServer = await serve({ source, target: target.address, key: readKey(KEY), ...options });
  open.push(() => Promise.all([target.close(), server.close()]));
  if (typeof server.address === "string") throw new Error("not TCP");
  return { target, address: `127.0.0.1:${server.address.port}` };
}

/** The command as a process, as ssh would start it. */
function start(...argv: string[]): ChildProcess {
  return spawn(process.execPath, ["cli/nightshift.js", "spipe", ...argv]);
}

async function run(input: Buffer | string, ...argv: string[]) {
  const child = start(...argv);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (bytes) => out.push(bytes));
  child.stderr?.on("data", (bytes) => err.push(bytes));
  child.stdin?.on("error", () => undefined).end(input);
  const [status] = await once(child, "close");
  return { out: Buffer.concat(out), err: Buffer.concat(err).toString(), status };
}

describe("standard input and output", () => {
  test("go through the pipe, all of them, and nothing else is said", async () => {
    const { address } = await served(echo);
    const data = randomBytes(3_000_000);
    const { out, err, status } = await run(data, "-t", address, "-k", keyFile);
    expect(out.equals(data)).toBe(true);
    expect([err, status]).toEqual(["", 0]);
  });

  test("input may end early: what the other side still has to say comes", async () => {
    const { address } = await served(slowEcho);
    const data = randomBytes(5000);
    const { out, status } = await run(data, "-t", address, "-k", keyFile, "-g", "-o", "20");
    expect(out.equals(data)).toBe(true);
    expect(status).toBe(0);
  });

  test("output that nobody reads does not hold up input", async () => {
    const said: Buffer[] = [];
    const { address } = await served((socket) => {
      socket.on("data", (bytes) => said.push(bytes));
      socket.write(Buffer.alloc(20_000_000, "x"));
    });
    const child = start("-t", address, "-k", keyFile, "-o", "20");
    child.stdin?.write("can you hear me?");
    while (Buffer.concat(said).toString() !== "can you hear me?") {
      await new Promise((wake) => setTimeout(wake, 10));
    }
    child.kill();
    await once(child, "exit");
  });
});

describe("what goes wrong ends with 1 and one line", () => {
  test("nobody listens", async () => {
    const { port } = await deadAddress();
    expect(await run("", "-t", `127.0.0.1:${port}`, "-k", keyFile)).toMatchObject({
      err: `nightshift: could not connect to 127.0.0.1:${port}: ECONNREFUSED\n`,
      status: 1,
    });
  });

  test("another key", async () => {
    const { address, target } = await served(echo);
    const { err, status } = await run("", "-t", address, "-k", file("other", randomBytes(32)));
    expect(err).toMatch(/^nightshift: the peer closed .* it has another key, or what it leads to is down\n$/);
    expect(status).toBe(1);
    expect(target.sockets).toEqual([]);
  });

  test("a peer that says nothing", async () => {
    const silent = await listen(() => undefined);
    open.push(() => silent.close());
    const { err, status } = await run(
      "",
      "-t",
      `127.0.0.1:${silent.address.port}`,
      "-k",
      keyFile,
      "-o",
      "0.6",
    );
    expect(err).toBe("nightshift: the handshake was not complete in 0.6 s\n");
    expect(status).toBe(1);
  });

  test("-g against a server without forward secrecy", async () => {
    const { address } = await served(echo, { noPfs: true });
    const { err, status } = await run("", "-t", address, "-k", keyFile, "-g");
    expect(err).toMatch(/^nightshift: .*forward secrecy.*\n$/);
    expect(status).toBe(1);
    expect((await run("but without it", "-t", address, "-k", keyFile)).out.toString()).toBe("but without it");
  });

  test("a connection that breaks while input is still open", async () => {
    const { address, target } = await served((socket) => void socket.write("hello"));
    const child = start("-t", address, "-k", keyFile);
    let err = "";
    child.stderr?.on("data", (bytes) => {
      err += bytes;
    });
    await once(child.stdout as NodeJS.ReadableStream, "data");
    target.sockets[0]?.resetAndDestroy();
    const [status] = await once(child, "close");
    expect(err).toBe("nightshift: the connection to the peer broke (ECONNRESET)\n");
    expect(status).toBe(1);
  });

  test.each([
    { argv: ["-t", "nowhere", "-k", "KEY"], says: '"nowhere" is no address: expected host:port' },
    { argv: ["-t", "127.0.0.1:1", "-k", "KEY", "-f", "-g"], says: "-f and -g contradict each other" },
    { argv: ["-t", "127.0.0.1:1", "-k", "KEY", "-o", "soon"], says: "-o soon is no time to wait" },
    { argv: ["-t", "127.0.0.1:1", "-k", "KEY", "-o", "0"], says: "-o 0 is no time to wait" },
    { argv: ["-t", "127.0.0.1:1", "-k", "-"], says: "standard input, which carries the data" },
    { argv: ["-t", "127.0.0.1:1", "-k", "/nonexistent/key"], says: "there is no such file" },
    { argv: ["-t", "127.0.0.1:1", "-k", "/"], says: "cannot read the key file /: EISDIR" },
  ])("$says", async ({ argv, says }) => {
    const { err, out, status } = await run("", ...argv.map((word) => (word === "KEY" ? keyFile : word)));
    expect(err).toContain(says);
    expect(err).not.toContain("--debug");
    expect([out.length, status]).toEqual([0, 1]);
  });

  test.each([
    { argv: ["-k", "x"], says: "required option '-t, --target <address>' not specified" },
    { argv: ["-t", "127.0.0.1:1"], says: "a pipe needs one key: -k FILE or --parameter NAME" },
  ])("usage errors with 2: $says", async ({ argv, says }) => {
    const { err, status } = await run("", ...argv);
    expect(err).toContain(says);
    expect(status).toBe(2);
  });
});

describe("the key file", () => {
  test("an empty one is refused, and how to make one is said", async () => {
    const { err, status } = await run("", "-t", "127.0.0.1:1", "-k", file("empty", ""));
    expect(err).toMatch(/is empty\nMake one with: dd if=\/dev\/urandom bs=32/);
    expect(status).toBe(1);
  });

  test.each([
    { name: "short", bytes: 16, mode: 0o600, says: /has 16 bytes, not 32/ },
    { name: "newline", bytes: 33, mode: 0o400, says: /has 33 bytes, not 32/ },
    {
      name: "group",
      bytes: 32,
      mode: 0o640,
      says: /others can read the key file \S+group; chmod 600 \S+group\n/,
    },
    { name: "world", bytes: 32, mode: 0o604, says: /others can read/ },
  ])("$name: is used, with a warning", async ({ name, bytes, mode, says }) => {
    const key = randomBytes(bytes);
    const { address } = await served(echo, { key: readKey(key) });
    const { out, err, status } = await run("hello", "-t", address, "-k", file(name, key, mode));
    expect(err).toMatch(says);
    expect(err.split("\n")).toHaveLength(2);
    expect([out.toString(), status]).toEqual(["hello", 0]);
  });
});
