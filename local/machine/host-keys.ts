import { createHash } from "node:crypto";
import { makeSshKey } from "./ssh-key.ts";

/** A host key, as `ssh-keygen -l` would show it. */
export interface HostKey {
  readonly type: "ED25519" | "ECDSA";
  readonly bits: number;
  /** OpenSSH's SHA256 form. */
  readonly fingerprint: string;
  readonly privateKey: string;
}

/** New host keys of a machine. */
export function makeHostKeys(): HostKey[] {
  return [describe("ECDSA", 256, makeSshKey("ecdsa")), describe("ED25519", 256, makeSshKey("ed25519"))];
}

function describe(type: HostKey["type"], bits: number, pair: { public: string; private: string }): HostKey {
  const blob = Buffer.from(pair.public.split(" ")[1] ?? "", "base64");
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { type, bits, fingerprint: `SHA256:${digest}`, privateKey: pair.private };
}
