/** The generator polynomial of cksum(1), as POSIX.1-2024 gives it, without the leading term. */
const POLYNOMIAL = 0x04c11db7;

const TABLE: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder < 0 ? (remainder << 1) ^ POLYNOMIAL : remainder << 1;
  }
  return remainder;
});

/**
 * What `cksum <file` prints for a file of this text in UTF-8: checksum, space, size in bytes. The one checksum that
 * every POSIX system has; it guards against slips, not against enemies.
 */
export function cksum(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  return `${~[...bytes, ...sizeBytes(bytes.length)].reduce(step, 0) >>> 0} ${bytes.length}`;
}

function step(remainder: number, byte: number): number {
  return (remainder << 8) ^ (TABLE[(remainder >>> 24) ^ byte] ?? 0);
}

/** The size, least significant byte first, without leading zeros: it is part of what is summed. */
function sizeBytes(size: number): number[] {
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  return bytes;
}
