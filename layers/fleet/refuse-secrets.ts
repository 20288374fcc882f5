import type { Finding } from "./explain-issue.ts";

const ADVICE =
  "looks like a secret, and a fleet file must hold none: keep it in an SSM SecureString parameter and write that " +
  "parameter's name here";

/** What gives a secret away in a value. */
const TELLTALES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/, // PEM, RFC 7468; OpenSSH's own form as well
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, // AWS access key ids (IAM reference, "unique identifiers")
  /\b(password|passwd|passphrase|secret|token|api[_-]?key)["']?\s*[=:]\s*[^\s$<]/i,
];

/** Keys under which only secrets are written. */
const TELLTALE_KEYS = /(^|_)(password|passwd|passphrase|secret|token|private_?key|api_?key)$/i;

/** Base64 of 30 bytes or more. A key has upper case, lower case and digits; paths and hexadecimal digests have not. */
const LONG_BASE64 =
  /(?<![A-Za-z0-9+/])(?=[^\s]*[A-Z])(?=[^\s]*[a-z])(?=[^\s]*[0-9])[A-Za-z0-9+][A-Za-z0-9+/]{39,}={0,2}/;

/** Finds whatever looks like a key or a password, anywhere in a fleet. The value itself is never repeated. */
export function refuseSecrets(value: unknown, path: readonly PropertyKey[] = []): Finding[] {
  if (typeof value === "string")
    return looksSecret(value, path) ? [{ path, atKey: false, message: ADVICE }] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => refuseSecrets(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => refuseSecrets(member, [...path, key]));
}

function looksSecret(text: string, path: readonly PropertyKey[]): boolean {
  const key = path.at(-1);
  if (key === "publicKey" || key === "hostKey") return /PRIVATE/.test(text);
  if (typeof key === "string" && TELLTALE_KEYS.test(key)) return true;
  return TELLTALES.some((telltale) => telltale.test(text)) || LONG_BASE64.test(text);
}
