import { hash } from "node:crypto";
import { PacketNumber } from "./packet-number.ts";

const BLOCK_BYTES = 64;
/** Size of the encrypted part of a packet. */
export const CIPHERTEXT_BYTES = 1028;

/**
 * HMAC-SHA256 (RFC 2104) over a packet's ciphertext and number, as two one-shot hashes over pads that are laid out once:
 * a fifth of what `createHmac` costs for a packet. The ciphertext is worked on in place, between inner pad and
 * number, so that nothing is copied for the hash.
 */
export class PacketMac {
  readonly number = new PacketNumber();
  /** Where the ciphertext goes before `sum`; as bytes and as words. */
  readonly ciphertext: Buffer;
  readonly words: Uint32Array;
  readonly #inner: Buffer;
  readonly #outer: Buffer;

  /** `key` has 32 bytes and is overwritten. */
  constructor(key: Buffer) {
    // A memory of its own, since words begin at multiples of four.
    this.#inner = Buffer.from(new ArrayBuffer(BLOCK_BYTES + CIPHERTEXT_BYTES + 8));
    this.#outer = Buffer.alloc(BLOCK_BYTES + 32);
    this.#inner.fill(0x36, 0, BLOCK_BYTES);
    this.#outer.fill(0x5c, 0, BLOCK_BYTES);
    for (const [index, byte] of key.entries()) {
      this.#inner[index] = byte ^ 0x36;
      this.#outer[index] = byte ^ 0x5c;
    }
    key.fill(0);
    this.ciphertext = this.#inner.subarray(BLOCK_BYTES, BLOCK_BYTES + CIPHERTEXT_BYTES);
    this.words = new Uint32Array(this.#inner.buffer, BLOCK_BYTES, CIPHERTEXT_BYTES / 4);
  }

  /** Writes the 32 bytes for the ciphertext that lies there, as the next packet, into `target` at `at`. */
  sum(target: Buffer, at: number): void {
    this.#inner.writeUInt32BE(this.number.high, BLOCK_BYTES + CIPHERTEXT_BYTES);
    this.#inner.writeUInt32BE(this.number.low, BLOCK_BYTES + CIPHERTEXT_BYTES + 4);
    this.number.advance();
    // Digests come as strings of a character per byte: making a Buffer takes as long as hashing does.
    this.#outer.write(hash("sha256", this.#inner, "binary"), BLOCK_BYTES, "binary");
    target.write(hash("sha256", this.#outer, "binary"), at, "binary");
  }

  /** Overwrites the key and the last packet. */
  forget(): void {
    this.#inner.fill(0);
    this.#outer.fill(0);
  }
}
