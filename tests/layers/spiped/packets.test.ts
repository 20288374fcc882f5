import { randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { SpipedProtocolError } from "../../../layers/spiped/failures.ts";
import { Opener, PACKET_BYTES, Sealer } from "../../../layers/spiped/packets.ts";
import { openPacket, sealPacket } from "./reference.ts";

const KEYS = { cipher: randomBytes(32), mac: randomBytes(32) };
/** The same keys again: who takes them overwrites them. */
const keys = () => ({ cipher: Buffer.from(KEYS.cipher), mac: Buffer.from(KEYS.mac) });

const packetsOf = (bytes: Buffer) =>
  Array.from({ length: bytes.length / PACKET_BYTES }, (_, index) =>
    bytes.subarray(index * PACKET_BYTES, (index + 1) * PACKET_BYTES),
  );
const flipped = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0x10, at);
  return copy;
};

describe("packets are spiped's", () => {
  it.each([1, 2, 1023, 1024, 1025, 2048, 65_535, 65_536])("%i bytes", (size) => {
    const data = randomBytes(size);
    const sealed = new Sealer(keys()).seal(data);
    expect(sealed).toHaveLength(Math.ceil(size / 1024) * 1060);
    const opened = packetsOf(sealed).map((packet, index) => openPacket(KEYS, BigInt(index), packet));
    expect(Buffer.concat(opened)).toEqual(data);
    expect(new Opener(keys()).open(sealed)).toEqual(data);
  });

  it("one after another, whatever their sizes and however many are opened at a time", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), (lengths, atATime) => {
        const sealer = new Sealer(keys());
        const opener = new Opener(keys());
        const all = lengths.map((length) => randomBytes(length));
        const packets = packetsOf(Buffer.concat(all.map((data) => sealer.seal(data))));
        const opened = [];
        for (let at = 0; at < packets.length; at += atATime) {
          opened.push(opener.open(Buffer.concat(packets.slice(at, at + atATime))));
        }
        expect(Buffer.concat(opened)).toEqual(Buffer.concat(all));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    { number: 2n ** 32n - 1n, why: "the lower half is full" },
    { number: 2n ** 53n - 1n, why: "where floats end" },
    { number: 2n ** 63n, why: "where signed numbers end" },
  ])("number $number and the next: $why", ({ number }) => {
    const sealer = new Sealer(keys());
    const opener = new Opener(keys());
    sealer.moveTo(number);
    opener.moveTo(number);
    const sealed = sealer.seal(Buffer.alloc(2000, 7));
    const [first, second] = packetsOf(sealed);
    expect(first).toEqual(sealPacket(KEYS, number, Buffer.alloc(1024, 7)));
    expect(second).toEqual(sealPacket(KEYS, number + 1n, Buffer.alloc(976, 7)));
    expect(opener.open(sealed)).toEqual(Buffer.alloc(2000, 7));
  });

  it("a direction ends before a number comes twice", () => {
    const sealer = new Sealer(keys());
    sealer.moveTo(2n ** 64n - 1n);
    expect(() => sealer.seal(Buffer.alloc(2000))).toThrow(SpipedProtocolError);
  });

  it("overwrite the keys that they are given", () => {
    const given = [keys(), keys()] as const;
    new Sealer(given[0]);
    new Opener(given[1]);
    for (const one of given) expect([one.cipher, one.mac]).toEqual([Buffer.alloc(32), Buffer.alloc(32)]);
  });

  it("what is sealed keeps what it was, when the next is sealed", () => {
    const sealer = new Sealer(keys());
    const first = sealer.seal(Buffer.from("first"));
    const copy = Buffer.from(first);
    sealer.seal(randomBytes(3000));
    expect(first).toEqual(copy);
  });
});

describe("what the peer did not seal next is refused", () => {
  const first = sealPacket(KEYS, 0n, Buffer.from("first"));
  const second = sealPacket(KEYS, 1n, Buffer.from("second"));
  const third = sealPacket(KEYS, 2n, Buffer.from("third"));
  const stranger = { cipher: KEYS.cipher, mac: randomBytes(32) };
  const rows: { why: string; packets: Buffer[] }[] = [
    { why: "a flipped bit in the data", packets: [flipped(first, 0)] },
    { why: "in the padding", packets: [flipped(first, 900)] },
    { why: "in the length", packets: [flipped(first, 1026)] },
    { why: "at the beginning of the signature", packets: [flipped(first, 1028)] },
    { why: "at its end", packets: [flipped(first, 1059)] },
    { why: "in the second of two", packets: [first, flipped(second, 3)] },
    { why: "a packet again", packets: [first, first] },
    { why: "an earlier one again", packets: [first, second, first] },
    { why: "two in the wrong order", packets: [second, first] },
    { why: "one left out", packets: [first, third] },
    { why: "one sealed with other keys", packets: [sealPacket(stranger, 0n, Buffer.from("first"))] },
    { why: "length 0, signed", packets: [sealPacket(KEYS, 0n, Buffer.alloc(0))] },
    { why: "length 1025, signed", packets: [sealPacket(KEYS, 0n, Buffer.alloc(1024), 1025)] },
    { why: "length 2^32 - 1, signed", packets: [sealPacket(KEYS, 0n, Buffer.alloc(9), 2 ** 32 - 1)] },
    { why: "nothing but zeros", packets: [Buffer.alloc(PACKET_BYTES)] },
  ];
  it.each(rows)("$why", ({ packets }) => {
    expect(() => new Opener(keys()).open(Buffer.concat(packets))).toThrow(SpipedProtocolError);
    const oneByOne = new Opener(keys());
    expect(() => {
      for (const packet of packets) oneByOne.open(packet);
    }).toThrow(SpipedProtocolError);
  });

  it("any bit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1060 * 8 - 1 }), (bit) => {
        const broken = Buffer.from(first);
        broken.writeUInt8(broken.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(() => new Opener(keys()).open(broken)).toThrow(SpipedProtocolError);
      }),
    );
  });

  it("but 1 byte and 1024 are fine, and so is padding that is not zero, as for spiped", () => {
    const noisy = Buffer.concat([Buffer.from("x"), Buffer.alloc(1023, 9)]);
    expect(new Opener(keys()).open(sealPacket(KEYS, 0n, noisy, 1)).toString()).toBe("x");
    expect(new Opener(keys()).open(sealPacket(KEYS, 0n, noisy))).toEqual(noisy);
  });
});
