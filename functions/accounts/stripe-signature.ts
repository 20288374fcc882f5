import { createHmac, timingSafeEqual } from "node:crypto";

/** Seconds by which a signature may be off the clock; the tolerance of Stripe's own libraries. */
export const TOLERANCE_SECONDS = 300;

/** The header `Stripe-Signature`, taken apart: when it was made, and every signature of the scheme v1. */
export interface Signature {
  /** Seconds since 1970, as they stand in the header: these very digits are signed. */
  readonly seconds: string;
  readonly signatures: readonly Buffer[];
}

/**
 * Reads the header: `t=1492774577,v1=5257…,v0=…`. There is one `t`; there are several `v1` while a secret is replaced;
 * other schemes are ignored, lest somebody downgrade us (Stripe documentation, "Verify webhook signatures manually").
 * Absent: it is no such header.
 */
export function readSignature(header: string | undefined): Signature | undefined {
  const fields = (header ?? "").split(",").map((field) => field.trim());
  const valuesOf = (name: string) =>
    fields.flatMap((field) => (field.startsWith(`${name}=`) ? [field.slice(name.length + 1)] : []));
  const [seconds = "", ...others] = valuesOf("t");
  const hex = valuesOf("v1").filter((value) => /^[0-9a-f]{64}$/.test(value));
  if (others.length > 0 || !/^\d{1,12}$/.test(seconds) || hex.length === 0) return undefined;
  return { seconds, signatures: hex.map((value) => Buffer.from(value, "hex")) };
}

/**
 * Whether one of the secrets made one of the signatures: HMAC-SHA256 over `seconds.body`.
 * @param body the bytes as they came; what is parsed and written again has other ones
 */
export function isSignedBy(
  secrets: readonly string[],
  { seconds, signatures }: Signature,
  body: Buffer,
): boolean {
  return secrets.some((secret) => {
    const expected = createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();
    return signatures.some((signature) => timingSafeEqual(signature, expected));
  });
}

/** Whether it was made just now; an old one is a request that somebody kept and sends again. */
export function isFresh({ seconds }: Signature, now: Date): boolean {
  return Math.abs(now.getTime() / 1000 - Number(seconds)) <= TOLERANCE_SECONDS;
}
