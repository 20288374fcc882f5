/*
 * As much of DER (X.690) as it takes to hand numbers of a group to OpenSSL and to get one back.
 */

/** Tags that occur in a key (X.690, 8.3 to 8.9). */
export const TAG = { integer: 0x02, bits: 0x03, octets: 0x04, sequence: 0x30 } as const;

/** One element: tag, length, and these contents. */
export function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const size = contents.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([Buffer.from([tag]), lengthOf(size), ...contents]); // at once: contents may be secret
}

/** A number that is not negative, given big-endian, with or without zeros in front. */
export function integer(number: Buffer): Buffer {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.from([0]) : number.subarray(first);
  const isHigh = (digits[0] ?? 0) >= 0x80; // which would be the sign
  return element(TAG.integer, isHigh ? Buffer.from([0]) : Buffer.alloc(0), digits);
}

/** Where the contents of the element at this place begin and end. */
export function contentsAt(der: Buffer, at: number): { start: number; end: number } {
  const first = der.readUInt8(at + 1);
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const size = first & 0x7f;
  const start = at + 2 + size;
  return { start, end: start + der.readUIntBE(at + 2, size) };
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}
