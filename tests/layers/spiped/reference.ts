import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  pbkdf2Sync,
  randomBytes,
} from "node:crypto";
import { once } from "node:events";
import type { Duplex } from "node:stream";

/*
 * spiped once more, as its DESIGN.md reads and without a thought of speed, to hold against ours and to say what an honest
 * peer would not. It always does without Diffie-Hellman (-f): real numbers of the group are the peers' tests' business.
 */

/** The number 1 in 256 bytes. */
export const ONE = Buffer.from(`${"00".repeat(255)}01`, "hex");

export type Role = "client" | "server";

export function other(role: Role): Role {
  return role === "client" ? "server" : "client";
}

function derive(keyFile: Buffer, salt: Buffer, size: number): Buffer {
  return pbkdf2Sync(createHash("sha256").update(keyFile).digest(), salt, 1, size, "sha256");
}

/** The second message of a side: y and its signature. `nonces` are the client's and the server's. */
export function introduction(keyFile: Buffer, nonces: Buffer, role: Role, y: Buffer = ONE): Buffer {
  const material = derive(keyFile, nonces, 64);
  const mac = role === "client" ? material.subarray(0, 32) : material.subarray(32);
  return Buffer.concat([y, createHmac("sha256", mac).update(y).digest()]);
}

/** Keys for what a side sends, when one of both has sent 1. */
export function keysOf(keyFile: Buffer, nonces: Buffer, role: Role): { cipher: Buffer; mac: Buffer } {
  const material = derive(keyFile, Buffer.concat([nonces, ONE]), 128);
  const mine = role === "client" ? material.subarray(0, 64) : material.subarray(64);
  return { cipher: mine.subarray(0, 32), mac: mine.subarray(32) };
}

function be64(number: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(number);
  return bytes;
}

/** One packet. `length` is what it claims to hold. */
export function sealPacket(
  keys: { cipher: Buffer; mac: Buffer },
  number: bigint,
  data: Buffer,
  length = data.length,
): Buffer {
  const plain = Buffer.alloc(1028);
  data.copy(plain, 0, 0, 1024);
  plain.writeUInt32BE(length, 1024);
  const cipher = createCipheriv("aes-256-ctr", keys.cipher, Buffer.concat([be64(number), be64(0n)]));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([sealed, macOf(keys.mac, number, sealed)]);
}

/** What one packet holds. Throws when it is not the one with that number. */
export function openPacket(keys: { cipher: Buffer; mac: Buffer }, number: bigint, packet: Buffer): Buffer {
  const sealed = packet.subarray(0, 1028);
  if (!packet.subarray(1028).equals(macOf(keys.mac, number, sealed))) throw new Error("bad MAC");
  const cipher = createDecipheriv("aes-256-ctr", keys.cipher, Buffer.concat([be64(number), be64(0n)]));
  const plain = Buffer.concat([cipher.update(sealed), cipher.final()]);
  return plain.subarray(0, plain.readUInt32BE(1024));
}

function macOf(key: Buffer, number: bigint, sealed: Buffer): Buffer {
  return createHmac("sha256", key).update(sealed).update(be64(number)).digest();
}

/** A peer at the other end of a stream, who says just what a test tells it to. */
export class ReferencePeer {
  readonly nonce = randomBytes(32);
  /** Everything that has come and was not taken. */
  #inbox: Buffer = Buffer.alloc(0);
  #sent = 0n;
  #opened = 0n;
  #nonces: Buffer = Buffer.alloc(0);
  hasEnded = false;

  readonly stream: Duplex;
  readonly role: Role;
  readonly keyFile: Buffer;

  constructor(stream: Duplex, role: Role, keyFile: Buffer) {
    this.stream = stream;
    this.role = role;
    this.keyFile = keyFile;
    stream.on("data", (bytes: Buffer) => {
      this.#inbox = Buffer.concat([this.#inbox, bytes]);
    });
    stream.on("end", () => {
      this.hasEnded = true;
    });
    stream.on("error", () => undefined); // a peer of ours that refuses may reset
  }

  /** Exactly this many bytes, once they have come. */
  async take(size: number): Promise<Buffer> {
    while (this.#inbox.length < size) {
      if (this.stream.destroyed || this.hasEnded) throw new Error(`ended after ${this.#inbox.length} bytes`);
      await Promise.race([once(this.stream, "data"), once(this.stream, "end"), once(this.stream, "close")]);
    }
    const bytes = this.#inbox.subarray(0, size);
    this.#inbox = this.#inbox.subarray(size);
    return bytes;
  }

  /** Exchanges nonces. */
  async greet(): Promise<void> {
    this.stream.write(this.nonce);
    this.meet(await this.take(32));
  }

  meet(nonce: Buffer): void {
    this.#nonces = Buffer.concat(this.role === "client" ? [this.nonce, nonce] : [nonce, this.nonce]);
  }

  /** Our second message, with another y if wanted. */
  introduction(y?: Buffer): Buffer {
    return introduction(this.keyFile, this.#nonces, this.role, y);
  }

  /** The whole handshake. */
  async shake(): Promise<void> {
    await this.greet();
    if (this.role === "client") this.stream.write(this.introduction());
    await this.take(288);
    if (this.role === "server") this.stream.write(this.introduction());
  }

  /** The next packet of ours. */
  seal(data: Buffer | string, length?: number): Buffer {
    const keys = keysOf(this.keyFile, this.#nonces, this.role);
    const packet = sealPacket(keys, this.#sent, Buffer.from(data), length);
    this.#sent += 1n;
    return packet;
  }

  /** What the next packet of the other side holds. */
  async receive(): Promise<Buffer> {
    const keys = keysOf(this.keyFile, this.#nonces, other(this.role));
    const data = openPacket(keys, this.#opened, await this.take(1060));
    this.#opened += 1n;
    return data;
  }
}
