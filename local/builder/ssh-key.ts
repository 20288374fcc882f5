import { createHash } from "node:crypto";
import ssh2 from "ssh2";

/** A key pair in OpenSSH's formats: PEM and one line of authorized_keys. */
export interface SshKeyPair {
  readonly private: string;
  readonly public: string;
}

/**
 * A new key pair. About one ed25519 pair in two hundred that ssh2 1.17 generates cannot be read back ("Malformed
 * OpenSSH private key"), so each is tried, and made anew if need be.
 */
export function makeSshKey(type: "ed25519" | "ecdsa"): SshKeyPair {
  for (;;) {
    const pair =
      type === "ed25519"
        ? ssh2.utils.generateKeyPairSync("ed25519")
        : ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** As `ssh-keygen -l` prints it: SHA-256 over the key blob of RFC 4253 section 6.6, in unpadded base64. */
export function sshFingerprint(keyBlob: Buffer): string {
  return `SHA256:${createHash("sha256").update(keyBlob).digest("base64").replace(/=+$/, "")}`;
}
