import { constants, createHash, generateKeyPair, type KeyObject, privateEncrypt, sign } from "node:crypto";
import { promisify } from "node:util";

/** An RSA key that signs for FreeBSD in a rehearsal. */
export class SigningKey {
  /** PEM, as the servers hand it out. */
  readonly publicPem: Buffer;
  /** SHA-256 of that file in hexadecimal: how clients know the key. */
  readonly print: string;
  readonly #private: KeyObject;

  private constructor({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }) {
    this.#private = privateKey;
    this.publicPem = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
    this.print = createHash("sha256").update(this.publicPem).digest("hex");
  }

  /** Finding the primes takes a tenth of a second, beside whatever else goes on. */
  static async make(): Promise<SigningKey> {
    return new SigningKey(await promisify(generateKeyPair)("rsa", { modulusLength: 2048 }));
  }

  /** Signs so that the text can be recovered from the signature: `openssl pkeyutl -sign`, undone by -verifyrecover. */
  seal(text: string): Buffer {
    return privateEncrypt({ key: this.#private, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text));
  }

  /** Signs a catalogue as pkg-repo(8) does: PKCS #1 v1.5 with SHA-256, over its SHA-256 in hexadecimal. */
  sign(content: Buffer): Buffer {
    const digest = createHash("sha256").update(content).digest("hex");
    return sign("sha256", Buffer.from(digest), this.#private);
  }
}
