import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  getDiffieHellman,
  type KeyObject,
} from "node:crypto";
import { contentsAt, element, integer, TAG } from "./der.ts";

/** Size of a number of the group, with zeros in front. */
export const DH_BYTES = 256;

/** RFC 3526 section 3, the 2048 bit group 14. Its prime is spiped's (libcperciva, crypto_dh_group14.c). */
const PRIME = getDiffieHellman("modp14").getPrime();
/** p is odd, so p - 1 differs in the last byte only. */
const PRIME_LESS_ONE = Buffer.concat([PRIME.subarray(0, -1), Buffer.from([(PRIME.at(-1) ?? 0) - 1])]);

/** The number 1: what a side without perfect forward secrecy sends, and what both then share. */
export const ONE = padded(Buffer.from([1]));

/** The object identifier 1.2.840.113549.1.3.1, dhKeyAgreement of PKCS #3. */
const DH_KEY_AGREEMENT = "06092a864886f70d010301";

/** dhKeyAgreement with p and g = 2, as an AlgorithmIdentifier (RFC 5280, 4.1.1.2). */
const ALGORITHM = element(
  TAG.sequence,
  Buffer.from(DH_KEY_AGREEMENT, "hex"),
  element(TAG.sequence, integer(PRIME), integer(Buffer.from([2]))),
);

/** Whether this is 1, which means that its sender did without Diffie-Hellman. */
export function isOne(y: Buffer): boolean {
  return y.equals(ONE);
}

/**
 * Whether an honest peer may have sent this number of 256 bytes: 1 to p - 2. spiped lets 0 and p - 1 pass as well, from
 * which no secret can come.
 */
export function isPublicValue(y: Buffer): boolean {
  return y.compare(ONE) >= 0 && y.compare(PRIME_LESS_ONE) < 0;
}

/**
 * Our exponent x, and what follows from it. `secret` are 32 random bytes, of which x = 2^258 + secret, as spiped makes it
 * (libcperciva, crypto_dh.c); undefined stands for x = 0.
 *
 * The exponent goes to OpenSSL as a key in DER, since Node's own objects do not do: `getDiffieHellman` takes no exponent and
 * chooses one of 225 bits, `createDiffieHellman` takes 0.3 s to find out that p is prime.
 */
export class ExponentPair {
  readonly #exponent: Buffer | undefined;
  #key: KeyObject | undefined;

  /** `secret` is overwritten. */
  constructor(secret: Buffer | undefined) {
    this.#exponent = secret === undefined ? undefined : Buffer.concat([Buffer.from([4]), secret]);
    secret?.fill(0);
  }

  /** 2^x mod p. */
  publicValue(): Buffer {
    if (this.#exponent === undefined) return Buffer.from(ONE);
    const der = createPublicKey(this.#privateKey(this.#exponent)).export({ format: "der", type: "spki" });
    // SubjectPublicKeyInfo: an algorithm, then y as an INTEGER in a BIT STRING, which begins with a count of unused bits.
    const algorithm = contentsAt(der, contentsAt(der, 0).start);
    const y = contentsAt(der, contentsAt(der, algorithm.end).start + 1);
    return padded(der.subarray(y.start, y.end));
  }

  /** y^x mod p, for a y that isPublicValue. 1 gives 1. */
  sharedWith(y: Buffer): Buffer {
    if (this.#exponent === undefined || isOne(y)) return Buffer.from(ONE);
    const spki = element(TAG.sequence, ALGORITHM, element(TAG.bits, Buffer.from([0]), integer(y)));
    const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
    const shared = diffieHellman({ privateKey: this.#privateKey(this.#exponent), publicKey });
    const whole = padded(shared);
    shared.fill(0);
    return whole;
  }

  /** Overwrites our copy of the exponent. OpenSSL overwrites its own when the key object is collected. */
  forget(): void {
    this.#exponent?.fill(0);
    this.#key = undefined;
  }

  #privateKey(exponent: Buffer): KeyObject {
    if (this.#key === undefined) {
      const version = integer(Buffer.from([0]));
      const x = integer(exponent);
      const octets = element(TAG.octets, x);
      const pkcs8 = element(TAG.sequence, version, ALGORITHM, octets);
      this.#key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
      for (const secret of [x, octets, pkcs8, exponent]) secret.fill(0);
    }
    return this.#key;
  }
}

/** With zeros in front to 256 bytes: a number is shorter once in 256 times. */
function padded(number: Buffer): Buffer {
  const whole = Buffer.alloc(DH_BYTES);
  const digits = number.length > DH_BYTES ? number.subarray(number.length - DH_BYTES) : number;
  digits.copy(whole, DH_BYTES - digits.length);
  return whole;
}
