import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { dial, readKey, serve } from "#spiped";
import { heard, type Loopback, listen } from "../layers/spiped/loopback.ts";
import { freeAddress, startSpiped, whyNoSpiped } from "./real-spiped.ts";
import { startRelay, type Tampering } from "./tampering-relay.ts";

/*
 * Somebody sits between a program of Tarsnap's and one of ours, and changes what goes by. The target says a banner of one packet
 * and hears a question of one: each side must take what is true, and none of what is not.
 */
const reason = whyNoSpiped();
const required = process.env.NIGHTSHIFT_PEERS === "required";
if (reason !== undefined) console.log(`${reason}: nobody sits between our spiped and theirs`);

const KEY = randomBytes(32);
const key = readKey(KEY);
const BANNER = "220 ready\r\n";
const QUESTION = "EHLO there\r\n";
let folder: string;
let keyFile: string;
const open: (() => unknown)[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-attack-"));
  keyFile = join(folder, "key");
  writeFileSync(keyFile, KEY, { mode: 0o600 });
});
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flip = (at: number) => (held: Buffer) => {
  const copy = Buffer.from(held);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};
const NONCE = 32;
const HANDSHAKE = NONCE + 288;
const PACKET = 1060;
/** These packets of those held, in this order. */
const packets =
  (...order: number[]) =>
  (held: Buffer) =>
    Buffer.concat(order.map((index) => held.subarray(index * PACKET, (index + 1) * PACKET)));
const unchanged = (held: Buffer) => held;

interface Row extends Omit<Tampering, "direction"> {
  readonly why: string;
  /** How many packets of that direction are true and may arrive. */
  readonly good?: number;
  /** How many are sent. */
  readonly sends?: number;
}

/** In the handshake: nobody gets through. */
const IN_HANDSHAKE: Row[] = [
  { why: "a bit of the nonce", after: 0, hold: NONCE, change: flip(0) },
  { why: "a bit of y", after: NONCE, hold: 288, change: flip(100) },
  { why: "a bit of y's signature", after: NONCE, hold: 288, change: flip(256) },
  { why: "a handshake cut in the nonce", after: 20, hold: 1, change: unchanged, cuts: true },
  { why: "a handshake cut after the nonce", after: 0, hold: NONCE, change: unchanged, cuts: true },
  { why: "a handshake cut in y", after: NONCE, hold: 200, change: unchanged, cuts: true },
];

/** Later: what is true before it may arrive, and nothing else. */
const IN_PACKETS: Row[] = [
  { why: "a bit of the data", after: HANDSHAKE, hold: PACKET, change: flip(0) },
  { why: "a bit of the padding", after: HANDSHAKE, hold: PACKET, change: flip(1000) },
  { why: "a bit of the length", after: HANDSHAKE, hold: PACKET, change: flip(1027) },
  { why: "a bit of the signature", after: HANDSHAKE, hold: PACKET, change: flip(1059) },
  { why: "a packet again", after: HANDSHAKE, hold: PACKET, change: packets(0, 0), good: 1 },
  {
    why: "two packets in the wrong order",
    after: HANDSHAKE,
    hold: 2 * PACKET,
    change: packets(1, 0),
    sends: 2,
  },
  { why: "one left out", after: HANDSHAKE, hold: 2 * PACKET, change: packets(1), sends: 2 },
];

interface Scene {
  /** What reached the target, and whatever connections there were. */
  readonly target: Loopback;
  readonly atTarget: () => string;
  /** Plays the client: says its question and returns what it heard until the end, if it got that far. */
  readonly play: () => Promise<{ answer: string; failed: boolean }>;
}

type Client = (relay: Loopback, count: number) => Promise<{ answer: string; failed: boolean }>;

/** Ours: whether the stream, or dialling, failed is ours to say. */
const ourDial: Client = async ({ address }, count) => {
  let answer = "";
  try {
    const stream = await dial({ target: address, key });
    stream.on("data", (bytes) => {
      answer += bytes;
    });
    for (let packet = 0; packet < count; packet += 1) stream.write(QUESTION.padEnd(1024, "."));
    stream.end();
    await heard(stream);
    return { answer, failed: false };
  } catch {
    return { answer, failed: true };
  }
};

/** Theirs: it says so by its status. */
const theirSpipe: Client = async ({ address }, count) => {
  const argv = ["-t", `[127.0.0.1]:${address.port}`, "-k", keyFile];
  const child: ChildProcess = spawn("spipe", argv, { stdio: ["pipe", "pipe", "ignore"] });
  open.push(() => child.kill("SIGKILL"));
  let answer = "";
  child.stdout?.on("data", (bytes) => {
    answer += bytes;
  });
  child.stdin?.on("error", () => undefined).end(QUESTION.padEnd(1024, ".").repeat(count));
  const [status] = await once(child, "close");
  return { answer, failed: status !== 0 };
};

const SCENES = {
  "our dial to spiped -d": { client: ourDial, isOurServer: false },
  "spipe to our server": { client: theirSpipe, isOurServer: true },
};

async function scene(
  { client, isOurServer }: (typeof SCENES)[keyof typeof SCENES],
  tampering: Tampering | undefined,
  count = 1,
): Promise<Scene> {
  let said = "";
  const target = await listen((socket: Socket) => {
    socket.write(BANNER.padEnd(1024, ".").repeat(tampering?.direction === "to client" ? count : 1));
    socket.on("data", (bytes) => {
      said += bytes;
    });
    socket.on("end", () => socket.end());
  });
  open.push(() => target.close());
  const source = await freeAddress();
  if (isOurServer) {
    const server = await serve({ source, target: target.address, key });
    open.push(() => server.close());
  } else {
    const server = await startSpiped("-d", source, target.address, keyFile);
    open.push(() => server.stop());
  }
  const relay = await startRelay(source, tampering);
  open.push(() => relay.close());
  return { target, atTarget: () => said, play: () => client(relay, count) };
}

(reason === undefined || required ? describe : describe.skip).each(
  Object.keys(SCENES) as (keyof typeof SCENES)[],
)("%s", (pair) => {
  const { isOurServer } = SCENES[pair];

  test("one byte at a time: all is well", async () => {
    const { play, atTarget } = await scene(SCENES[pair], undefined);
    const { answer, failed } = await play();
    expect([answer.trimEnd().slice(0, 9), failed]).toEqual(["220 ready", false]);
    expect(atTarget().slice(0, 10)).toBe("EHLO there");
  });

  describe.each(["to server", "to client"] as const)("%s", (direction) => {
    test.each(IN_HANDSHAKE)("$why: there is no connection", async (row) => {
      const { play, atTarget, target } = await scene(SCENES[pair], { ...row, direction });
      const { answer, failed } = await play();
      expect([answer, failed]).toEqual(["", true]);
      expect(atTarget()).toBe("");
      // Theirs reaches its target before it knows who is there. Ours would only if the client had proven itself.
      if (isOurServer && direction === "to server") expect(target.sockets).toEqual([]);
    });

    test.each(IN_PACKETS)("$why: nothing false arrives", async ({ good = 0, sends = 1, ...row }) => {
      const { play, atTarget, target } = await scene(SCENES[pair], { ...row, direction }, sends);
      const { answer, failed } = await play();
      expect(target.sockets.length).toBeGreaterThan(0); // the handshake had passed
      const arrived = direction === "to server" ? atTarget() : answer;
      expect(arrived.length).toBeLessThanOrEqual(good * 1024);
      const said = direction === "to server" ? QUESTION : BANNER;
      expect(said.padEnd(1024, ".").startsWith(arrived)).toBe(true);
      // Who notices says so. A peer that only closes looks like an end, which is why inner protocols have their own.
      if (direction === "to client") expect(failed).toBe(true);
    });
  });
});
