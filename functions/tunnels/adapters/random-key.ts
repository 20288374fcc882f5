import { randomBytes } from "node:crypto";

/** A new key. Of all that functions make, this alone must not follow from anything: whoever could derive it had it. */
export function randomKey(bytes: number): Buffer {
  return randomBytes(bytes);
}
