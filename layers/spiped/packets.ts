import { timingSafeEqual } from "node:crypto";
import { SpipedProtocolError } from "./failures.ts";
import type { DirectionKeys } from "./handshake.ts";
import { KEY_STREAM_WORDS, KeyStream } from "./key-stream.ts";
import { CIPHERTEXT_BYTES, PacketMac } from "./packet-mac.ts";

/** Size of every packet: 1024 bytes of data or of zeros, BE32 of the data's length, encrypted; HMAC-SHA256. */
export const PACKET_BYTES = 1060;
/** The most that one packet carries. It carries one byte at least. */
export const DATA_BYTES = 1024;

/** Seals what one direction sends. */
export class Sealer {
  readonly #stream: KeyStream;
  readonly #mac: PacketMac;

  /** `keys` are overwritten. */
  constructor(keys: DirectionKeys) {
    this.#stream = new KeyStream(keys.cipher);
    this.#mac = new PacketMac(keys.mac);
  }

  /** The packets for these bytes: at least one, at most BATCH * DATA_BYTES. */
  seal(bytes: Buffer): Buffer {
    const count = Math.ceil(bytes.length / DATA_BYTES);
    const packets = Buffer.allocUnsafeSlow(count * PACKET_BYTES);
    const stream = this.#stream.next(count);
    for (let packet = 0; packet < count; packet += 1) {
      this.#lay(bytes, packet * DATA_BYTES);
      xor(this.#mac.words, stream, packet * KEY_STREAM_WORDS);
      const at = packet * PACKET_BYTES;
      this.#mac.ciphertext.copy(packets, at);
      this.#mac.sum(packets, at + CIPHERTEXT_BYTES);
    }
    return packets;
  }

  /** Overwrites the keys as far as they are ours to overwrite. */
  forget(): void {
    this.#mac.forget();
  }

  /** Goes on with this packet number. For tests; a connection counts from 0. */
  moveTo(number: bigint): void {
    this.#stream.number.moveTo(number);
    this.#mac.number.moveTo(number);
  }

  #lay(bytes: Buffer, from: number): void {
    const place = this.#mac.ciphertext;
    const length = bytes.copy(place, 0, from, from + DATA_BYTES);
    if (length < DATA_BYTES) place.fill(0, length, DATA_BYTES);
    place.writeUInt32BE(length, DATA_BYTES);
  }
}

/** Opens what one direction receives. */
export class Opener {
  readonly #stream: KeyStream;
  readonly #mac: PacketMac;
  readonly #claimed = Buffer.alloc(32);
  readonly #expected = Buffer.alloc(32);

  /** `keys` are overwritten. */
  constructor(keys: DirectionKeys) {
    this.#stream = new KeyStream(keys.cipher);
    this.#mac = new PacketMac(keys.mac);
  }

  /**
   * The data of the next packets, whole ones, BATCH at most. Any that is not the one which the peer sealed next, or that
   * holds no data or too much, is a SpipedProtocolError; then nothing of them comes out, and the direction is over.
   */
  open(packets: Buffer): Buffer {
    const count = packets.length / PACKET_BYTES;
    const data = Buffer.allocUnsafeSlow(count * DATA_BYTES);
    const stream = this.#stream.next(count);
    let size = 0;
    for (let packet = 0; packet < count; packet += 1) {
      this.#verify(packets, packet * PACKET_BYTES);
      xor(this.#mac.words, stream, packet * KEY_STREAM_WORDS);
      const plain = this.#mac.ciphertext;
      const length = plain.readUInt32BE(DATA_BYTES);
      if (length === 0 || length > DATA_BYTES) {
        throw new SpipedProtocolError(`the peer sent a packet that claims to hold ${length} bytes`);
      }
      size += plain.copy(data, size, 0, length);
    }
    return data.subarray(0, size);
  }

  /** Overwrites the keys as far as they are ours to overwrite. */
  forget(): void {
    this.#mac.forget();
  }

  /** Goes on with this packet number. For tests; a connection counts from 0. */
  moveTo(number: bigint): void {
    this.#stream.number.moveTo(number);
    this.#mac.number.moveTo(number);
  }

  #verify(packets: Buffer, at: number): void {
    packets.copy(this.#mac.ciphertext, 0, at, at + CIPHERTEXT_BYTES);
    packets.copy(this.#claimed, 0, at + CIPHERTEXT_BYTES, at + PACKET_BYTES);
    this.#mac.sum(this.#expected, 0);
    if (!timingSafeEqual(this.#claimed, this.#expected)) {
      throw new SpipedProtocolError("a packet is not the one which the peer sealed next");
    }
  }
}

function xor(words: Uint32Array, stream: Uint32Array, from: number): void {
  for (let index = 0; index < words.length; index += 1) {
    words[index] = (words[index] as number) ^ (stream[from + index] as number);
  }
}
