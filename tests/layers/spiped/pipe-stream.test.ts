import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Duplex, duplexPair } from "node:stream";
import { finished } from "node:stream/promises";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { SpipedConnectionLostError, SpipedProtocolError } from "../../../layers/spiped/failures.ts";
import { readKey, SpipedKey } from "../../../layers/spiped/key.ts";
import { negotiate } from "../../../layers/spiped/negotiate.ts";
import { PipeStream } from "../../../layers/spiped/pipe-stream.ts";
import { ReferencePeer, type Role } from "./reference.ts";

const KEY_FILE = Buffer.from("a key of both");
const key = readKey(KEY_FILE);
const MINUTE = 60_000;

/** A connection whose peer takes nothing, until the network says how that ended. */
class Stuck extends Duplex {
  fail: (error: Error) => void = () => undefined;
  override _read(): void {}
  override _write(_bytes: Buffer, _encoding: string, done: (error: Error) => void): void {
    this.fail = done;
  }
}

/** Ours at one end, the reference at the other, with no network between. */
async function connected(role: Role = "client") {
  const [near, far] = duplexPair();
  const peer = new ReferencePeer(far, role === "client" ? "server" : "client", KEY_FILE);
  const options = { role, key, noPfs: true, timeoutMilliseconds: MINUTE };
  const [pipe] = await Promise.all([negotiate(near, options), peer.shake()]);
  return { pipe, peer, near };
}

/** Both ends ours. */
async function ours() {
  const [near, far] = duplexPair();
  const common = { key, noPfs: true, timeoutMilliseconds: MINUTE };
  const [client, server] = await Promise.all([
    negotiate(near, { role: "client", ...common }),
    negotiate(far, { role: "server", ...common }),
  ]);
  return { client, server };
}

/** All that a stream still gives, and the error that it ends with. */
async function drained(stream: Duplex): Promise<{ data: Buffer; error?: Error }> {
  const chunks: Buffer[] = [];
  stream.on("data", (bytes: Buffer) => chunks.push(bytes));
  try {
    await once(stream, "end");
    return { data: Buffer.concat(chunks) };
  } catch (error) {
    return { data: Buffer.concat(chunks), error: error as Error };
  }
}

/** Lets everything happen that can happen without anything from outside. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe.each<Role>(["client", "server"])("as %s", (role) => {
  it("sends packets that the reference opens, 1024 bytes in each", async () => {
    const { pipe, peer } = await connected(role);
    const data = randomBytes(2500);
    pipe.write(data);
    const packets = [await peer.receive(), await peer.receive(), await peer.receive()];
    expect(packets.map(({ length }) => length)).toEqual([1024, 1024, 452]);
    expect(Buffer.concat(packets)).toEqual(data);
  });

  it("receives what the reference seals", async () => {
    const { pipe, peer } = await connected(role);
    peer.stream.write(Buffer.concat([peer.seal("one "), peer.seal("two "), peer.seal("three")]));
    peer.stream.end();
    expect((await drained(pipe)).data.toString()).toBe("one two three");
  });

  it("one byte at a time", async () => {
    const { pipe, peer } = await connected(role);
    const all = Buffer.concat([peer.seal("slow "), peer.seal("loris")]);
    for (const byte of all) peer.stream.write(Buffer.from([byte]));
    peer.stream.end();
    expect((await drained(pipe)).data.toString()).toBe("slow loris");
  });
});

describe("the handshake", () => {
  it("one byte at a time, in one piece with the data after it, and with the end", async () => {
    const [near, far] = duplexPair();
    const peer = new ReferencePeer(far, "client", KEY_FILE);
    const negotiated = negotiate(near, { role: "server", key, noPfs: true, timeoutMilliseconds: MINUTE });
    peer.meet(await peer.take(32));
    for (const byte of Buffer.concat([peer.nonce, peer.introduction()])) far.write(Buffer.from([byte]));
    far.end(peer.seal("at once"));
    expect((await drained(await negotiated)).data.toString()).toBe("at once");
  });

  it("data in the same piece as the second message is not lost", async () => {
    const [near, far] = duplexPair();
    const peer = new ReferencePeer(far, "server", KEY_FILE);
    const negotiated = negotiate(near, { role: "client", key, noPfs: true, timeoutMilliseconds: MINUTE });
    await peer.greet();
    await peer.take(288);
    far.write(Buffer.concat([peer.introduction(), peer.seal("banner"), peer.seal("!").subarray(0, 7)]));
    const pipe = await negotiated;
    expect((await once(pipe, "data"))[0].toString()).toBe("banner");
  });

  it.each([
    { turn: "before anything", bytes: 0, greeted: false },
    { turn: "in the nonce", bytes: 31, greeted: false },
    { turn: "after the nonce", bytes: 32, greeted: true },
    { turn: "in the second message", bytes: 32 + 287, greeted: true },
  ])("cut off $turn fails, and says whether the peer had greeted", async ({ bytes, greeted }) => {
    const [near, far] = duplexPair();
    const peer = new ReferencePeer(far, "server", KEY_FILE);
    const negotiated = negotiate(near, { role: "client", key, timeoutMilliseconds: MINUTE });
    peer.meet(await peer.take(32));
    far.end(Buffer.concat([peer.nonce, peer.introduction()]).subarray(0, bytes));
    await expect(negotiated).rejects.toMatchObject({ name: "SpipedHandshakeError", peerGreeted: greeted });
    expect(near.destroyed).toBe(true);
  });

  it("a server says nothing after its nonce to who does not have the key", async () => {
    const [near, far] = duplexPair();
    const peer = new ReferencePeer(far, "client", Buffer.from("another"));
    const reached: string[] = [];
    const onAuthentic = async () => void reached.push("target");
    const negotiated = negotiate(near, { role: "server", key, timeoutMilliseconds: MINUTE, onAuthentic });
    await peer.greet();
    far.write(peer.introduction());
    await expect(negotiated).rejects.toMatchObject({ name: "SpipedHandshakeError" });
    await expect(peer.take(1)).rejects.toThrow("ended after 0 bytes");
    expect(reached).toEqual([]);
  });
});

describe("what breaks a pipe, and gives nothing of it away", () => {
  const flip = (packet: Buffer) => {
    packet.writeUInt8(packet.readUInt8(5) ^ 1, 5);
    return packet;
  };
  const rows: { why: string; says: (peer: ReferencePeer) => Buffer[]; gives: string }[] = [
    { why: "a flipped bit", says: (peer) => [peer.seal("good"), flip(peer.seal("bad"))], gives: "good" },
    {
      why: "a packet again",
      says: (peer) => {
        const packet = peer.seal("good");
        return [packet, packet];
      },
      gives: "good",
    },
    { why: "an empty packet", says: (peer) => [peer.seal("good"), peer.seal("")], gives: "good" },
    {
      why: "a packet of 1025 bytes",
      says: (peer) => [peer.seal("good"), peer.seal(Buffer.alloc(1025))],
      gives: "good",
    },
    {
      why: "an end after the first byte of a packet",
      says: (peer) => [peer.seal("good"), peer.seal("cut").subarray(0, 1)],
      gives: "good",
    },
    {
      why: "an end in the ciphertext",
      says: (peer) => [peer.seal("good"), peer.seal("cut").subarray(0, 500)],
      gives: "good",
    },
    {
      why: "an end before the signature",
      says: (peer) => [peer.seal("good"), peer.seal("cut").subarray(0, 1028)],
      gives: "good",
    },
    {
      why: "an end one byte early",
      says: (peer) => [peer.seal("good"), peer.seal("cut").subarray(0, 1059)],
      gives: "good",
    },
    { why: "an end in the first packet", says: (peer) => [peer.seal("cut").subarray(0, 1059)], gives: "" },
    {
      why: "the peer's second message again",
      says: (peer) => [peer.introduction(), Buffer.alloc(1060 - 288)],
      gives: "",
    },
  ];
  it.each(rows)("$why", async ({ says, gives }) => {
    const { pipe, peer, near } = await connected();
    const received = drained(pipe);
    for (const bytes of says(peer)) {
      peer.stream.write(bytes);
      await settled(); // the good one is read before the bad one comes
    }
    peer.stream.end();
    const { data, error } = await received;
    expect(error).toBeInstanceOf(SpipedProtocolError);
    expect(data.toString()).toBe(gives);
    expect(near.destroyed).toBe(true); // and nothing goes out any more
  });

  it("a connection that is lost is an error, not an end", async () => {
    const { pipe, near } = await connected();
    const received = drained(pipe);
    near.destroy();
    expect((await received).error).toBeInstanceOf(SpipedConnectionLostError);
  });

  it("one that is lost while we write is one as well, though the peer had ended", async () => {
    const { pipe, peer, near } = await connected();
    peer.stream.end();
    await drained(pipe);
    pipe.write("into the void");
    const failed = once(pipe, "close").catch((error) => error);
    near.destroy(new Error("gone"));
    expect(await failed).toBeInstanceOf(SpipedConnectionLostError);
  });

  it("one that is reset before all of ours has gone out is one as well, though both have ended", async () => {
    const near = new Stuck({ allowHalfOpen: true });
    const keys = () => ({ cipher: randomBytes(32), mac: randomBytes(32) });
    const pipe = new PipeStream(near, { outbound: keys(), inbound: keys() });
    near.push(null); // the peer has ended
    await drained(pipe);
    await new Promise((done) => pipe.write("on its way", done)); // the socket has it, and no peer
    const over = finished(pipe.end());
    await settled();
    near.fail(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
    await expect(over).rejects.toMatchObject({ name: "SpipedConnectionLostError", code: "ECONNRESET" });
  });

  it("whoever takes over a socket that is lost already learns of it", async () => {
    const [near] = duplexPair();
    const keys = () => ({ cipher: randomBytes(32), mac: randomBytes(32) });
    near.on("error", () => undefined).destroy(new Error("gone"));
    await settled();
    const pipe = new PipeStream(near, { outbound: keys(), inbound: keys() });
    await expect(once(pipe, "end")).rejects.toBeInstanceOf(SpipedConnectionLostError);
  });
});

describe("however it is cut up", () => {
  it("what is written at one end comes out at the other", async () => {
    const writes = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 15 });
    const cuts = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(writes, cuts, async (sizes, pieces) => {
        const { pipe, peer } = await connected();
        const data = sizes.map((size) => randomBytes(size));
        const sealed = Buffer.concat(
          data.flatMap((one) =>
            Array.from({ length: Math.ceil(one.length / 1024) }, (_, index) =>
              peer.seal(one.subarray(index * 1024, (index + 1) * 1024)),
            ),
          ),
        );
        for (let at = 0, turn = 0; at < sealed.length; turn += 1) {
          const size = pieces[turn % pieces.length] ?? 1;
          peer.stream.write(sealed.subarray(at, at + size));
          at += size;
        }
        peer.stream.end();
        expect(await drained(pipe)).toEqual({ data: Buffer.concat(data) });
      }),
      { numRuns: 60 },
    );
  });

  it("and both ways between two of ours, at once", async () => {
    const writes = fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(writes, writes, async (there, back) => {
        const { client, server } = await ours();
        const say = (stream: Duplex, sizes: number[]) => {
          const data = sizes.map((size) => randomBytes(size));
          for (const one of data) stream.write(one);
          stream.end();
          return Buffer.concat(data);
        };
        const received = Promise.all([drained(server), drained(client)]);
        const said = [say(client, there), say(server, back)];
        expect((await received).map(({ data }) => data.equals(said.shift() as Buffer))).toEqual([true, true]);
      }),
      { numRuns: 25 },
    );
  });
});

describe("secrets", () => {
  /** A key that remembers what it gave away, and what for. */
  class Watched extends SpipedKey {
    readonly seen: Buffer[] = [];
    override derive(salt: Buffer, size: number): Buffer {
      const derived = super.derive(salt, size);
      this.seen.push(derived, ...(salt.length > 64 ? [salt] : [])); // the longer salt ends with what both share
      return derived;
    }
  }

  it.each([
    { how: "came about", onAuthentic: async () => undefined, sizes: [64, 128, 320, 64] },
    {
      how: "failed at its target",
      onAuthentic: () => Promise.reject(new Error("the target is down")),
      sizes: [64, 128, 320],
    },
  ])("are overwritten when the handshake $how", async ({ onAuthentic, sizes }) => {
    const watched = new Watched(KEY_FILE);
    const [near, far] = duplexPair();
    const client = negotiate(far, { role: "client", key, timeoutMilliseconds: MINUTE });
    const options = { role: "server", key: watched, timeoutMilliseconds: MINUTE, onAuthentic } as const;
    const server = negotiate(near, options);
    await Promise.allSettled([client, server]);
    expect(watched.seen.map(({ length }) => length)).toEqual(sizes);
    expect(watched.seen.every((secret) => secret.every((byte) => byte === 0))).toBe(true);
  });
});

describe("half-close", () => {
  it("one direction ends, the other goes on", async () => {
    const { client, server } = await ours();
    const asked = drained(server);
    client.end("question");
    expect((await asked).data.toString()).toBe("question");
    const answered = drained(client);
    for (const word of ["a ", "late ", "answer"]) {
      await settled();
      server.write(word);
    }
    server.end();
    expect((await answered).data.toString()).toBe("a late answer");
    await settled();
    expect([client.destroyed, server.destroyed]).toEqual([true, true]); // and then both are gone
  });
});

describe("a reader that stops", () => {
  const CHUNK = Buffer.alloc(65_536, 7);
  /** Streams buffer 64 KiB each: the writer's, both halves of the connection, the reader's; and a batch in hand. */
  const BOUND = 8 * 65_536;

  it("holds up the writer, and all comes when it goes on", async () => {
    const { client, server } = await ours();
    let accepted = 0;
    for (let chunk = 0; chunk < 100; chunk += 1) {
      client.write(CHUNK, () => {
        accepted += CHUNK.length;
      });
    }
    await settled();
    expect(client.writableNeedDrain).toBe(true);
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(BOUND);
    expect(server.readableLength).toBeLessThan(BOUND);
    client.end();
    expect((await drained(server)).data).toHaveLength(100 * CHUNK.length);
    expect(accepted).toBe(100 * CHUNK.length);
  });

  it("one huge write is sealed as it goes out, not at once", async () => {
    const { client, server } = await ours();
    const before = process.memoryUsage().arrayBuffers;
    client.end(Buffer.alloc(50_000_000, 7));
    await settled();
    // Twice its own size would be there if it had been sealed at once.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(75_000_000);
    expect((await drained(server)).data).toHaveLength(50_000_000);
  });
});
