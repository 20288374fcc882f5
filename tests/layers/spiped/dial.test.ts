import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { dial, greet, readKey, SpipedConnectError, serve } from "#spiped";
import { deadAddress, failureOf, type Loopback, listen } from "./loopback.ts";
import { ReferencePeer } from "./reference.ts";

const KEY_FILE = Buffer.from("a key of both");
const key = readKey(KEY_FILE);

const open: Pick<Loopback, "close">[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
async function listening(treat: Parameters<typeof listen>[0]): Promise<Loopback> {
  const loopback = await listen(treat);
  open.push(loopback);
  return loopback;
}

describe("dial", () => {
  it("gives a stream to the other side", async () => {
    const { address } = await listening(async (socket) => {
      const peer = new ReferencePeer(socket, "server", KEY_FILE);
      await peer.shake();
      socket.end(peer.seal(`you said ${(await peer.receive()).toString()}`));
    });
    const stream = await dial({ target: address, key });
    stream.write("hello");
    expect((await once(stream, "data"))[0].toString()).toBe("you said hello");
    stream.end();
    await once(stream, "close");
  });

  it("broken off just after we have ended: the connection is gone, and does not stay half open", async () => {
    const { address, sockets } = await listening(async (socket) => {
      await new ReferencePeer(socket, "server", KEY_FILE).shake();
    });
    const stream = await dial({ target: address, key });
    const failed = failureOf(once(stream.end(), "close"));
    process.nextTick(() => stream.destroy(new Error("broken off"))); // while the FIN is on its way
    expect((await failed).message).toBe("broken off");
    const [socket] = sockets;
    while (socket?.destroyed === false) {
      socket.write("is anybody there?"); // who has closed answers with a reset
      await new Promise((wake) => setTimeout(wake, 5));
    }
  });

  it("nobody listens: the system's code is kept", async () => {
    const error = await failureOf(dial({ target: await deadAddress(), key }));
    expect(error).toBeInstanceOf(SpipedConnectError);
    expect(error).toMatchObject({ name: "SpipedConnectError", code: "ECONNREFUSED" });
    expect(error.message).toMatch(/^could not connect to 127\.0\.0\.1:\d+: ECONNREFUSED$/);
  });

  it.each([
    { target: { path: "/nonexistent/socket" }, code: "ENOENT", why: "no such UNIX socket" },
    { target: { host: "no-such-host.invalid", port: 25 }, code: /^(ENOTFOUND|EAI_AGAIN)$/, why: "no name" },
  ])("$why: $code", async ({ target, code }) => {
    const error = await failureOf(dial({ target, key }));
    expect(error).toMatchObject({ name: "SpipedConnectError", code: expect.stringMatching(code) });
  });

  it.each([
    { why: "says nothing", says: 0, greeted: false },
    { why: "stops in its nonce", says: 31, greeted: false },
    { why: "stops after its nonce", says: 32, greeted: true },
    { why: "stops in its second message", says: 300, greeted: true },
  ])("a peer that $why: out of time", async ({ says, greeted }) => {
    const { address, sockets } = await listening(async (socket) => {
      const peer = new ReferencePeer(socket, "server", KEY_FILE);
      peer.meet(await peer.take(32));
      socket.write(Buffer.concat([peer.nonce, peer.introduction()]).subarray(0, says));
    });
    const error = await failureOf(dial({ target: address, key, timeoutSeconds: 0.6 }));
    expect(error).toMatchObject({ name: "SpipedHandshakeTimeoutError", peerGreeted: greeted });
    await Promise.all(sockets.map((socket) => socket.readableEnded || once(socket, "end"))); // we hung up
  });

  it.each([
    { why: "at once", says: 0, greeted: false },
    { why: "in its nonce", says: 5, greeted: false },
    { why: "after its nonce", says: 32, greeted: true },
  ])("a peer that closes $why: the handshake failed", async ({ says, greeted }) => {
    const { address } = await listening((socket) => void socket.end(randomBytes(says)));
    const error = await failureOf(dial({ target: address, key }));
    expect(error).toMatchObject({ name: "SpipedHandshakeError", peerGreeted: greeted });
  });

  it("a peer that resets: the handshake failed, and why is kept", async () => {
    const { address } = await listening((socket) => {
      socket.write(randomBytes(32));
      socket.once("data", () => socket.resetAndDestroy());
    });
    const error = await failureOf(dial({ target: address, key }));
    expect(error).toMatchObject({ name: "SpipedHandshakeError", cause: { code: "ECONNRESET" } });
  });

  it("a peer that is no spiped: the handshake failed", async () => {
    const { address } = await listening((socket) => void socket.write("220 mail ESMTP\r\n".repeat(30)));
    const error = await failureOf(dial({ target: address, key }));
    expect(error).toMatchObject({ name: "SpipedHandshakeError", peerGreeted: true });
    expect(error.message).toContain("not signed with our key");
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 3e6])("a timeout of %p is refused", async (time) => {
    const error = await failureOf(dial({ target: { path: "/x" }, key, timeoutSeconds: time }));
    expect(error.name).toBe("SpipedOptionsError");
  });
});

describe("options that contradict each other", () => {
  it("are refused before anybody is connected to", async () => {
    const { address, sockets } = await listening(() => undefined);
    const error = await failureOf(dial({ target: address, key, requirePfs: true, noPfs: true }));
    expect(error.name).toBe("SpipedOptionsError");
    const later = connect(address); // of two connections, the first is accepted first
    while (sockets.length === 0) await new Promise((wake) => setTimeout(wake, 5));
    expect(sockets.map(({ remotePort }) => remotePort)).toEqual([later.localPort]);
    later.destroy();
  });
});

describe("greet", () => {
  it("takes 32 bytes and leaves without a word", async () => {
    const { address, sockets } = await listening((socket) => void socket.write(randomBytes(32)));
    const { connectMilliseconds, greetingMilliseconds } = await greet({ target: address });
    expect(connectMilliseconds).toBeGreaterThan(0);
    expect(greetingMilliseconds).toBeGreaterThanOrEqual(0);
    const [socket] = sockets;
    if (socket?.readableEnded === false) await once(socket.resume(), "end");
    expect(socket?.bytesRead).toBe(0);
  });

  it("however they arrive", async () => {
    const { address } = await listening(async (socket) => {
      for (let byte = 0; byte < 32; byte += 1) {
        socket.setNoDelay(true).write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await expect(greet({ target: address })).resolves.toHaveProperty("connectMilliseconds");
  });

  it("does not bother the target of a server of ours", async () => {
    const target = await listening(() => undefined);
    const heardOf: string[] = [];
    const server = await serve({
      source: { host: "127.0.0.1", port: 0 },
      target: target.address,
      key,
      onFailure: (error) => void heardOf.push(error.name),
    });
    if (typeof server.address === "string") throw new Error("not TCP");
    await greet({ target: { host: "127.0.0.1", port: server.address.port } });
    await server.close();
    expect(heardOf).toEqual(["SpipedHandshakeError"]);
    expect(target.sockets).toEqual([]);
  });

  it.each([
    { why: "silence", says: "", ends: false, name: "SpipedHandshakeTimeoutError" },
    { why: "31 bytes", says: "x".repeat(31), ends: false, name: "SpipedHandshakeTimeoutError" },
    { why: "31 bytes and the end", says: "x".repeat(31), ends: true, name: "SpipedHandshakeError" },
    { why: "the end", says: "", ends: true, name: "SpipedHandshakeError" },
    { why: "a banner", says: `SSH-2.0-${"x".repeat(40)}\r\n`, ends: false, name: "SpipedProtocolError" },
  ])("$why: $name", async ({ says, ends, name }) => {
    const { address } = await listening((socket) => {
      socket.write(says);
      if (ends) socket.end();
    });
    const timeoutSeconds = name === "SpipedHandshakeTimeoutError" ? 0.6 : 5;
    expect((await failureOf(greet({ target: address, timeoutSeconds }))).name).toBe(name);
  });

  it("nobody listens", async () => {
    const error = await failureOf(greet({ target: await deadAddress() }));
    expect(error).toMatchObject({ name: "SpipedConnectError", code: "ECONNREFUSED" });
  });

  it("a server that resets", async () => {
    const { address } = await listening((socket) => void socket.resetAndDestroy());
    expect((await failureOf(greet({ target: address }))).name).toMatch(/^Spiped(Handshake|Connect)Error$/);
  });
});
