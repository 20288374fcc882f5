import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import ssh2 from "ssh2";
import { makeSshKey, sshFingerprint } from "./ssh-key.ts";

/** A host key as sshd needs it, and as ec2_loghostkey shows it. */
export interface HostKey {
  readonly type: "ECDSA" | "ED25519" | "RSA";
  readonly bits: number;
  /** `SHA256:` and 43 characters. */
  readonly fingerprint: string;
  /** As in known_hosts: type and base64. */
  readonly publicKey: string;
  /** PEM. */
  readonly privateKey: string;
}

/** The three host keys that rc.d/sshd makes on a first boot, in the order in which ec2_loghostkey prints them. */
export async function makeHostKeys(): Promise<HostKey[]> {
  return [...shortHostKeys(), await rsaHostKey()];
}

/** What sits in the middle shows keys of its own; RSA is left out, since it is the same for all our machines. */
export function shortHostKeys(): HostKey[] {
  return [
    hostKey("ECDSA", 256, makeSshKey("ecdsa").private),
    hostKey("ED25519", 256, makeSshKey("ed25519").private),
  ];
}

let rsa: Promise<HostKey> | undefined;

// Finding the primes takes a fifth of a second on average. One key for all machines of a process is enough: clients
// prefer ED25519, and nobody compares the RSA keys of two machines.
function rsaHostKey(): Promise<HostKey> {
  rsa ??= promisify(generateKeyPair)("rsa", {
    modulusLength: 3072,
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  }).then(({ privateKey }) => hostKey("RSA", 3072, privateKey));
  return rsa;
}

function hostKey(type: HostKey["type"], bits: number, privateKey: string): HostKey {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const blob = parsed.getPublicSSH();
  const publicKey = `${parsed.type} ${blob.toString("base64")}`;
  return { type, bits, fingerprint: sshFingerprint(blob), publicKey, privateKey };
}
