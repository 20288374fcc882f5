import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { BadSignatureError, UntrustedKeyError } from "../failures.ts";

const HEAD = "$PKGSIGN:";

/**
 * Checks who signed a file of a repository (pkg-repository(5); pkg, libpkg/pkgsign_ossl.c, pkgsign_ecc.c). The archive
 * holds pairs NAME.sig and NAME.pub; what is signed is the lower-case hexadecimal SHA-256 of the file, hashed with SHA-256
 * once more: RSA with PKCS #1 v1.5 and a key in PEM or, after `$PKGSIGN:ecdsa$`, ECDSA with a key in DER. A key is trusted
 * by the SHA-256 of its file's bytes. EdDSA, which pkg knows as well, is not.
 * @returns the print of the key that signed
 * @throws UntrustedKeyError when no key of the archive is trusted; BadSignatureError when no trusted one signed this
 */
export function checkSignature(
  files: ReadonlyMap<string, Buffer>,
  content: Buffer,
  trustedPrints: readonly string[],
): string {
  const pairs = [...files].flatMap(([file, signature]) => {
    const name = file.endsWith(".sig") ? file.slice(0, -4) : undefined;
    const key = name === undefined ? undefined : files.get(`${name}.pub`);
    return key === undefined ? [] : [{ signature, key, print: sha256(key) }];
  });
  const trusted = pairs.filter(({ print }) => trustedPrints.includes(print));
  if (trusted.length === 0) throw new UntrustedKeyError(untrusted(pairs));
  const message = Buffer.from(sha256(content));
  const good = trusted.find(({ signature, key }) => isSigned(message, signature, key));
  if (good === undefined) throw new BadSignatureError("the catalogue's signature does not fit what it signs");
  return good.print;
}

function untrusted(pairs: readonly { readonly print: string }[]): string {
  if (pairs.length === 0) return "the catalogue is not signed";
  const prints = pairs.slice(0, 3).map(({ print }) => print);
  return `the catalogue is signed with a key that is not trusted: its SHA-256 is ${prints.join(", ")}`;
}

function isSigned(message: Buffer, signature: Buffer, key: Buffer): boolean {
  try {
    const head = signature.toString("latin1", 0, HEAD.length + 10);
    const [, type] = /^\$PKGSIGN:([a-z]{1,8})\$/.exec(head) ?? [];
    if (type === undefined) return verify("sha256", message, ofType("rsa", createPublicKey(key)), signature);
    if (type !== "ecdsa") return false;
    const ecdsa = ofType("ec", createPublicKey({ key, format: "der", type: "spki" }));
    return verify("sha256", message, ecdsa, signature.subarray(HEAD.length + type.length + 1));
  } catch {
    return false; // not a key, or not a signature
  }
}

function ofType(type: string, key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== type) throw new TypeError(`a key of ${key.asymmetricKeyType}`);
  return key;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
