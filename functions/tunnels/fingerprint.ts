import { createHash } from "node:crypto";

/** As the program `pipes` has it (functions/ami/recipe/pipes-processes.ts); a test holds them together. */
const PREFIX = "nightshift pipe key\n";
const DIGITS = 32;

/**
 * What may be shown of a key: 32 hexadecimal digits. It is not the SHA-256 of the key file, which is the very secret that
 * spiped derives everything from (spiped, DESIGN.md "Key"): whoever had that could connect.
 */
export function fingerprintOf(key: Buffer): string {
  return createHash("sha256").update(PREFIX).update(key).digest("hex").slice(0, DIGITS);
}

/** The same, as people compare it: its first 12 digits. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 12);
}
