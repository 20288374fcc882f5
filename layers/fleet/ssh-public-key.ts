import { z } from "#platform";

/** An SSH public key as in known_hosts or authorized_keys: type and base64. */
export const SshPublicKey = z
  .string()
  .regex(/^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]{40,}={0,2}$/, {
    error:
      "expected a public key: its type (ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa) and its base64, and nothing else",
    abort: true,
  })
  .refine(isWhole, "expected a whole public key: this one was cut off, or changed");

/**
 * Whether a key's base64 holds what its type says, to the last byte: strings with their length before them, of which the
 * first is the type (RFC 4253, section 6.6; RFC 5656, section 3.1; RFC 8709, section 4). A line cut off in copying would
 * be noticed by nobody before the morning on which no host lets in.
 */
function isWhole(key: string): boolean {
  const [type = "", base64 = ""] = key.split(" ");
  const bytes = Buffer.from(base64, "base64");
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const [named, ...rest] = fields;
  const isOfType = type === "ssh-ed25519" ? rest.length === 1 && rest[0]?.length === 32 : rest.length === 2;
  return at === bytes.length && named?.toString("latin1") === type && isOfType;
}
