import { type Cipheriv, createCipheriv } from "node:crypto";
import { PacketNumber } from "./packet-number.ts";

/** Blocks of 16 bytes that one packet's 1028 bytes take of the key stream. */
const BLOCKS = 65;
/** 32 bit words from one packet's key stream to the next one's. */
export const KEY_STREAM_WORDS = BLOCKS * 4;

/** How many packets' key stream is made at a time: as many as Node reads from a socket at once. */
export const BATCH = 64;

/**
 * Counter blocks of one batch, of which the lower halves never change. All connections fill in the upper halves in turn:
 * nothing in it is secret, or outlives a call.
 */
const COUNTERS = Buffer.from(new ArrayBuffer(BATCH * BLOCKS * 16));
const VIEW = new DataView(COUNTERS.buffer);
for (let block = 0; block < BATCH * BLOCKS; block += 1) VIEW.setUint32(block * 16 + 12, block % BLOCKS);

/**
 * The key stream of AES-256-CTR, packet by packet: block b of packet n is AES(BE64(n) || BE64(b)). A cipher object in CTR mode
 * for every packet costs ten times as much as all the encrypting, so counter blocks of many packets go through one
 * long-lived cipher in ECB mode, which is the same by the definition of CTR (NIST SP 800-38A, 6.5).
 */
export class KeyStream {
  readonly number = new PacketNumber();
  readonly #cipher: Cipheriv;

  /** `key` has 32 bytes and is overwritten. */
  constructor(key: Buffer) {
    this.#cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
    key.fill(0);
  }

  /** The key stream of the next `count` packets, BATCH at most: that of packet i begins at word i * KEY_STREAM_WORDS. */
  next(count: number): Uint32Array {
    let at = 0;
    for (let packet = 0; packet < count; packet += 1) {
      const { high, low } = this.number;
      for (const end = at + BLOCKS * 16; at < end; at += 16) {
        VIEW.setUint32(at, high);
        VIEW.setUint32(at + 4, low);
      }
      this.number.advance();
    }
    return wordsOf(this.#cipher.update(COUNTERS.subarray(0, at)));
  }
}

/** The same bytes as words in the machine's order, which XOR does not mind. */
function wordsOf(bytes: Buffer): Uint32Array {
  // Words begin at multiples of four. What a cipher returns does so too, but that is not promised.
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(buffer, byteOffset, length / 4);
}
