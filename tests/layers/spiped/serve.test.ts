import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { dial, readKey, type ServeOptions, serve } from "#spiped";
import { deadAddress, echo, failureOf, heard, type Loopback, listen, slowEcho } from "./loopback.ts";
import { ReferencePeer } from "./reference.ts";

const KEY_FILE = Buffer.from("a key of both");
const key = readKey(KEY_FILE);

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A server of ours before a target, which closes with the test; and what it complained of. */
async function served(treat: Parameters<typeof listen>[0], options: Partial<ServeOptions> = {}) {
  const target: Loopback = await listen(treat);
  open.push(() => target.close());
  const failures: (Error & { code?: string })[] = [];
  const server = await serve({
    source: { host: "127.0.0.1", port: 0 },
    target: target.address,
    key,
    onFailure: (error) => void failures.push(error),
    ...options,
  });
  if (typeof server.address === "string") throw new Error("not TCP");
  const address = { host: server.address.address, port: server.address.port };
  open.push(() => Promise.all([target.close(), server.close()])); // what is still connected breaks with the target
  return { server, address, target, failures };
}

/** Waits for what comes sooner or later. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("a server", () => {
  it("leads to its target, both ways", async () => {
    const { address } = await served(echo);
    const data = randomBytes(1_000_000);
    const stream = await dial({ target: address, key });
    const back = heard(stream);
    stream.end(data);
    expect((await back).equals(data)).toBe(true);
  });

  it("serves the reference", async () => {
    const { address } = await served(echo);
    const socket = connect(address);
    const peer = new ReferencePeer(socket, "client", KEY_FILE);
    await peer.shake();
    socket.write(peer.seal("hello"));
    expect((await peer.receive()).toString()).toBe("hello");
    socket.end();
    await once(socket, "close");
  });

  it("several at once, each to a connection of its own", async () => {
    const { address, target } = await served(echo);
    const streams = await Promise.all([1, 2, 3].map(() => dial({ target: address, key })));
    const backs = streams.map((stream) => heard(stream));
    for (const [index, stream] of streams.entries()) stream.end(`I am ${index}`);
    expect((await Promise.all(backs)).map(String)).toEqual(["I am 0", "I am 1", "I am 2"]);
    expect(target.sockets).toHaveLength(3);
  });

  it("a client that ends early still gets all that a slow target has to say", async () => {
    const { address } = await served(slowEcho);
    const data = randomBytes(5000);
    const stream = await dial({ target: address, key });
    const back = heard(stream);
    stream.end(data);
    expect((await back).equals(data)).toBe(true);
  });

  it("a client that ends before the target is reached: the target hears that, and answers", async () => {
    const { address } = await served((socket) => {
      socket.resume().on("end", () => socket.end("nothing?"));
    });
    const socket = connect({ ...address, allowHalfOpen: true });
    const peer = new ReferencePeer(socket, "client", KEY_FILE);
    await peer.greet();
    socket.end(peer.introduction());
    await peer.take(288);
    expect((await peer.receive()).toString()).toBe("nothing?");
  });

  it("a pipe outlives the time that its handshake had", async () => {
    const { address } = await served(echo, { timeoutSeconds: 1 });
    const stream = await dial({ target: address, key, timeoutSeconds: 1 });
    await new Promise((wake) => setTimeout(wake, 1300));
    const back = heard(stream);
    stream.end("still here");
    expect((await back).toString()).toBe("still here");
  });

  it("a target that ends early still hears all", async () => {
    const said: Buffer[] = [];
    const { address, target } = await served((socket) => {
      socket.end("bye");
      socket.on("data", (bytes) => said.push(bytes));
    });
    const stream = await dial({ target: address, key });
    expect((await heard(stream)).toString()).toBe("bye");
    stream.end("but I was not finished");
    await until(() => target.sockets[0]?.readableEnded === true);
    expect(Buffer.concat(said).toString()).toBe("but I was not finished");
  });

  it("over UNIX sockets on both sides", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nightshift-spiped-"));
    open.push(() => rmSync(folder, { recursive: true }));
    const [source, target] = [{ path: join(folder, "in") }, { path: join(folder, "out") }];
    const behind = createServer({ allowHalfOpen: true }, echo).listen(target.path);
    const server = await serve({ source, target, key });
    expect(server.address).toBe(source.path);
    const stream = await dial({ target: source, key });
    const back = heard(stream);
    stream.end("through the file system");
    expect((await back).toString()).toBe("through the file system");
    await server.close();
    behind.close();
  });
});

describe("a server reaches its target", () => {
  it("for nobody who has another key", async () => {
    const { address, target, failures } = await served(echo);
    const error = await failureOf(dial({ target: address, key: readKey(Buffer.from("another")) }));
    expect(error).toMatchObject({ name: "SpipedHandshakeError", peerGreeted: true });
    await until(() => failures.length > 0);
    expect(failures.map(({ message }) => message)).toEqual([
      "the peer's second message is not signed with our key",
    ]);
    expect(target.sockets).toEqual([]);
  });

  it("and for nobody who stops before that was seen", async () => {
    const { address, target, failures } = await served(echo, { timeoutSeconds: 0.6 });
    const socket = connect(address);
    const peer = new ReferencePeer(socket, "client", KEY_FILE);
    await peer.greet();
    socket.write(peer.introduction().subarray(0, 287));
    await until(() => failures.length > 0);
    expect(failures[0]?.name).toBe("SpipedHandshakeTimeoutError");
    await expect(peer.take(1)).rejects.toThrow("ended after 0 bytes");
    expect(target.sockets).toEqual([]);
  });

  it("if it is down, the client's handshake fails", async () => {
    const { address, failures } = await served(echo, { target: await deadAddress() });
    const error = await failureOf(dial({ target: address, key }));
    expect(error).toMatchObject({ name: "SpipedHandshakeError", peerGreeted: true });
    await until(() => failures.length > 0);
    expect(failures[0]).toMatchObject({ name: "SpipedConnectError", code: "ECONNREFUSED" });
  });
});

describe("forward secrecy, as -f and -g of spiped", () => {
  it.each([
    { server: {}, client: {}, works: true },
    { server: {}, client: { noPfs: true }, works: true },
    { server: {}, client: { requirePfs: true }, works: true },
    { server: { requirePfs: true }, client: {}, works: true },
    { server: { requirePfs: true }, client: { requirePfs: true }, works: true },
    { server: { requirePfs: true }, client: { noPfs: true }, works: false },
    { server: { noPfs: true }, client: {}, works: true },
    { server: { noPfs: true }, client: { noPfs: true }, works: true },
    { server: { noPfs: true }, client: { requirePfs: true }, works: false },
  ])("server $server, client $client: $works", async ({ server, client, works }) => {
    const { address } = await served(echo, server);
    const said = dial({ target: address, key, ...client }).then((stream) => heard(stream.end("hello")));
    if (works) expect((await said).toString()).toBe("hello");
    else expect((await failureOf(said)).name).toBe("SpipedHandshakeError");
  });

  it("both at once are refused, before anything listens", async () => {
    const both = served(echo, { requirePfs: true, noPfs: true });
    expect((await failureOf(both)).name).toBe("SpipedOptionsError");
  });
});

describe("a connection that breaks", () => {
  it("at the client: the target's is closed too", async () => {
    const { address, target, failures } = await served(() => undefined);
    const socket = connect(address);
    const peer = new ReferencePeer(socket, "client", KEY_FILE);
    await peer.shake();
    socket.resetAndDestroy();
    await until(() => target.sockets[0]?.destroyed === true || target.sockets[0]?.readableEnded === true);
    target.sockets[0]?.destroy();
    await until(() => failures.length > 0);
  });

  it("at the target: the client sees a break, and no end", async () => {
    const { address, target } = await served((socket) => void socket.write("half of a"));
    const stream = await dial({ target: address, key });
    await once(stream, "data");
    const ended = failureOf(heard(stream));
    target.sockets[0]?.resetAndDestroy();
    expect(await ended).toMatchObject({ name: "SpipedConnectionLostError", code: "ECONNRESET" });
  });

  it("by a forged packet: the target hears nothing of it", async () => {
    const said: Buffer[] = [];
    const { address, failures, target } = await served((socket) => {
      socket.on("data", (bytes) => said.push(bytes));
    });
    const socket = connect(address);
    const peer = new ReferencePeer(socket, "client", KEY_FILE);
    await peer.shake();
    socket.write(peer.seal("true"));
    await until(() => said.length > 0);
    const forged = peer.seal("false");
    forged.writeUInt8(forged.readUInt8(0) ^ 1, 0);
    socket.write(forged);
    await until(() => failures.length > 0);
    expect(failures[0]?.name).toBe("SpipedProtocolError");
    expect(Buffer.concat(said).toString()).toBe("true");
    target.sockets[0]?.destroy();
  });
});

describe("limits and the end", () => {
  it("no more connections than allowed, and again when one has ended", async () => {
    const { address } = await served(echo, { maxConnections: 1 });
    const first = await dial({ target: address, key });
    const error = await failureOf(dial({ target: address, key }));
    expect(error).toMatchObject({ name: "SpipedHandshakeError", peerGreeted: false });
    const back = heard(first);
    first.end();
    await back;
    const retried = async () => {
      for (;;) {
        const stream = await dial({ target: address, key }).catch(() => undefined);
        if (stream !== undefined) return heard(stream.end("again"));
      }
    };
    expect((await retried()).toString()).toBe("again");
  });

  it("closing accepts no more, and waits for the last to end", async () => {
    const { server, address } = await served(echo);
    const stream = await dial({ target: address, key });
    let closed = false;
    const closing = server.close().then(() => {
      closed = true;
    });
    expect((await failureOf(dial({ target: address, key }))).name).toBe("SpipedConnectError");
    stream.write("still here");
    expect((await once(stream, "data"))[0].toString()).toBe("still here");
    expect(closed).toBe(false);
    stream.end();
    await once(stream, "close");
    await closing;
  });

  it("a port that is taken is said at once", async () => {
    const { address } = await served(echo);
    expect(await failureOf(served(echo, { source: address }))).toMatchObject({ code: "EADDRINUSE" });
  });
});
