import { createHash, pbkdf2Sync } from "node:crypto";
import { SpipedOptionsError } from "./failures.ts";

/**
 * A key as both ends of a pipe hold it: K, the SHA-256 of a key file (spiped, DESIGN.md "Key"). It lies in a private
 * field, so that no log, no JSON and no inspection of an object shows it.
 */
export class SpipedKey {
  readonly #digest: Buffer;

  /** `file` holds the raw bytes of a key file; a newline at its end counts. */
  constructor(file: Buffer) {
    this.#digest = createHash("sha256").update(file).digest();
  }

  /** PBKDF2-HMAC-SHA256 of K with one iteration, as spiped derives all its keys. The caller overwrites what it gets. */
  derive(salt: Buffer, size: number): Buffer {
    return pbkdf2Sync(this.#digest, salt, 1, size, "sha256");
  }
}

/**
 * The key in a key file of spiped's, given the file's raw bytes: nothing is trimmed or decoded. Any size is accepted, as by
 * spiped, but none at all: an empty key is no secret (SpipedOptionsError). Make one of 32 random bytes.
 */
export function readKey(bytes: Buffer): SpipedKey {
  if (bytes.length === 0) throw new SpipedOptionsError("the key is empty: anybody has that one");
  return new SpipedKey(bytes);
}
