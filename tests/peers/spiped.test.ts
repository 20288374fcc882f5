import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Address, dial, greet, readKey, serve } from "#spiped";
import { deadAddress, echo, failureOf, heard, listen, slowEcho } from "../layers/spiped/loopback.ts";
import { bracketed, freeAddress, startSpiped, whyNoSpiped } from "./real-spiped.ts";

/*
 * The scenarios of spiped's own tests (tests/*.sh of Tarsnap/spiped), with a program of theirs at one end and ours at the other.
 */
const reason = whyNoSpiped();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (reason !== undefined) console.log(`${reason}: nobody but ourselves speaks with our spiped`);

const KEY = randomBytes(32);
const key = readKey(KEY);
let folder: string;
let keyFile: string;
const open: (() => unknown)[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-real-spiped-"));
  keyFile = join(folder, "key");
  writeFileSync(keyFile, KEY, { mode: 0o600 });
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface End {
  /** -f, -g and -o as spiped has them. */
  readonly flags?: readonly string[];
}

const asOptions = ({ flags = [] }: End) => ({
  noPfs: flags.includes("-f"),
  requirePfs: flags.includes("-g"),
  timeoutSeconds: flags.includes("-o") ? 1 : 5,
});

type Server = (source: Address, target: Address, end: End) => Promise<void>;
type Client = (server: Address, end: End) => Promise<Duplex>;

const SERVERS: Record<string, Server> = {
  "our server": async (source, target, end) => {
    const server = await serve({ source, target, key, ...asOptions(end) });
    open.push(() => server.close());
  },
  "spiped -d": async (source, target, { flags = [] }) => {
    const server = await startSpiped("-d", source, target, keyFile, ...flags);
    open.push(() => server.stop());
  },
};

const CLIENTS: Record<string, Client> = {
  "our dial": (target, end) => dial({ target, key, ...asOptions(end) }),
  spipe: async (server, { flags = [] }) => {
    const child = spawn("spipe", ["-t", bracketed(server), "-k", keyFile, ...flags], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    open.push(() => child.kill("SIGKILL"));
    return Duplex.from({ writable: child.stdin, readable: child.stdout });
  },
  "spiped -e": async (server, { flags = [] }) => {
    const plain = await freeAddress();
    const client = await startSpiped("-e", plain, server, keyFile, ...flags);
    open.push(() => client.stop());
    const socket = connect({ ...plain, allowHalfOpen: true });
    await once(socket, "connect");
    return socket;
  },
};

const PAIRS = [
  { client: "our dial", server: "spiped -d" },
  { client: "spipe", server: "our server" },
  { client: "spiped -e", server: "our server" },
];

/** A server that leads to a target which treats each connection as wanted. Returns where it listens. */
async function served(server: string, treat: Parameters<typeof listen>[0], over: string, end: End = {}) {
  const target = await listen(treat);
  open.push(() => target.close());
  const path = join(folder, `socket-${randomBytes(4).toString("hex")}`);
  const source = over === "TCP" ? await freeAddress() : { path };
  await SERVERS[server]?.(source, target.address, end);
  return source;
}

async function connected(client: string, server: Address, end: End = {}): Promise<Duplex> {
  const stream = await CLIENTS[client]?.(server, end);
  if (stream === undefined) throw new Error(`no client ${client}`);
  return stream;
}

(reason === undefined || required ? describe : describe.skip).each(PAIRS)(
  "$client to $server",
  ({ client, server }) => {
    test.each(["TCP", "a UNIX socket"])("opens and closes over %s", async (over) => {
      const stream = await connected(client, await served(server, echo, over));
      const back = heard(stream);
      stream.end("hello");
      expect((await back).toString()).toBe("hello");
    });

    test("idle for longer than the handshake may take, and still there", async () => {
      const end = { flags: ["-o", "1"] };
      const stream = await connected(client, await served(server, echo, "TCP", end), end);
      stream.write("first");
      await once(stream, "data");
      await new Promise((wake) => setTimeout(wake, 1500));
      const back = heard(stream);
      stream.end("second");
      expect((await back).toString()).toBe("second");
    });

    test("two overlap; one ends, the other goes on", async () => {
      const address = await served(server, echo, "TCP");
      const [one, two] = [await connected(client, address), await connected(client, address)];
      one.write("one");
      two.write("two");
      expect(String(await once(one, "data"))).toBe("one");
      expect(String(await once(two, "data"))).toBe("two");
      const last = heard(one);
      one.end();
      expect(await last).toHaveLength(0);
      const back = heard(two);
      two.end("more");
      expect((await back).toString()).toBe("more");
    });

    test("much in both directions at once, unchanged", async () => {
      const stream = await connected(client, await served(server, echo, "TCP"));
      const data = randomBytes(5_000_003);
      const back = heard(stream);
      stream.end(data);
      expect((await back).equals(data)).toBe(true);
    });

    test("many little pieces", async () => {
      const stream = await connected(client, await served(server, echo, "TCP"));
      const back = heard(stream);
      const words = Array.from({ length: 500 }, (_, index) => `word ${index}, `);
      for (const word of words) {
        stream.write(word);
        await new Promise((resolve) => setImmediate(resolve));
      }
      stream.end();
      expect((await back).toString()).toBe(words.join(""));
    });

    test("ends early, and all comes back from a slow echo", async () => {
      const stream = await connected(client, await served(server, slowEcho, "TCP"));
      const data = randomBytes(5000);
      const back = heard(stream);
      stream.end(data);
      expect((await back).equals(data)).toBe(true);
    });

    test.each([
      { ofServer: [], ofClient: [], works: true },
      { ofServer: [], ofClient: ["-f"], works: true },
      { ofServer: [], ofClient: ["-g"], works: true },
      { ofServer: ["-g"], ofClient: [], works: true },
      { ofServer: ["-g"], ofClient: ["-g"], works: true },
      { ofServer: ["-g"], ofClient: ["-f"], works: false },
      { ofServer: ["-f"], ofClient: [], works: true },
      { ofServer: ["-f"], ofClient: ["-f"], works: true },
      { ofServer: ["-f"], ofClient: ["-g"], works: false },
    ])("forward secrecy: server $ofServer, client $ofClient: $works", async (row) => {
      const address = await served(server, echo, "TCP", { flags: row.ofServer });
      const said = connected(client, address, { flags: row.ofClient }).then(async (stream) => {
        const back = heard(stream);
        stream.on("error", () => undefined).end("hello");
        return (await back).toString();
      });
      expect(await said.catch(() => "")).toBe(row.works ? "hello" : "");
    });
  },
);

(reason === undefined || required ? describe : describe.skip)("our side of what goes wrong", () => {
  test("spiped greets within 32 bytes", async () => {
    const address = await served("spiped -d", echo, "TCP");
    await expect(greet({ target: address })).resolves.toHaveProperty("greetingMilliseconds");
  });

  test("spiped with another key: the handshake fails after its nonce", async () => {
    const address = await served("spiped -d", echo, "TCP");
    const error = await failureOf(dial({ target: address, key: readKey(randomBytes(32)) }));
    expect(error).toMatchObject({ name: "SpipedHandshakeError", peerGreeted: true });
  });

  test("spiped before a dead target: the same", async () => {
    const source = await freeAddress();
    await SERVERS["spiped -d"]?.(source, await deadAddress(), {});
    const error = await failureOf(dial({ target: source, key }));
    expect(error.name).toBe("SpipedHandshakeError");
  });
});

(reason === undefined || required ? describe : describe.skip)("spipe's side of what goes wrong", () => {
  test.each([
    { why: "another key", target: "alive", keyOfServer: randomBytes(32) },
    { why: "a dead target", target: "dead", keyOfServer: KEY },
  ])("$why: it ends with 1, and the target hears nothing", async ({ target, keyOfServer }) => {
    const behind = await listen(echo);
    open.push(() => behind.close());
    const server = await serve({
      source: { host: "127.0.0.1", port: 0 },
      target: target === "dead" ? await deadAddress() : behind.address,
      key: readKey(keyOfServer),
    });
    open.push(() => server.close());
    if (typeof server.address === "string") throw new Error("not TCP");
    const argv = ["-t", `[127.0.0.1]:${server.address.port}`, "-k", keyFile];
    const child = spawn("spipe", argv, { stdio: ["pipe", "ignore", "ignore"] });
    child.stdin.on("error", () => undefined).end("hello");
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(behind.sockets).toEqual([]);
  });
});
