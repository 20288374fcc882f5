import type { Usage } from "#ledger";
import { z } from "#platform";
import { CorruptPartError } from "./failures.ts";

/** Account ids: what fits into a line, a file name and a person's mouth. */
export const AccountId = z
  .string()
  .regex(/^[A-Za-z0-9._@+-]{1,64}$/, "an account id: 1 to 64 letters, digits and . _ @ + -");

const MOST_BYTES = 10n ** 18n;

/** A count of bytes: decimal text, since JSON's numbers end at 2^53 for many who read them. */
export const ByteCount = z
  .string()
  .regex(/^(0|[1-9]\d{0,18})$/, 'whole bytes as decimal text, for example "1000"')
  .transform((text) => BigInt(text))
  .refine((bytes) => bytes <= MOST_BYTES, "at most 10^18 bytes");

const UsageLineSchema = z.strictObject({
  account: AccountId,
  storedBytes: ByteCount,
  bytesIn: ByteCount,
  bytesOut: ByteCount,
});

/** What one account used on a day. */
export interface UsageLine extends Usage {
  readonly account: string;
}

/** Reads one line of a part. @param number from 1, for messages. @throws CorruptPartError */
export function parseUsageLine(line: string, number: number): UsageLine {
  const parsed = UsageLineSchema.safeParse(parseJson(line, number));
  if (parsed.success) {
    if (hasMemberTwice(line)) throw new CorruptPartError(`line ${number}: a member stands there twice`);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const place = issue?.path.join(".");
  throw new CorruptPartError(`line ${number}: ${place ? `${place}: ` : ""}${issue?.message ?? "no usage"}`);
}

/** Writes a usage line, without its line break. Members stand in this order. */
export function formatUsageLine({ account, storedBytes, bytesIn, bytesOut }: UsageLine): string {
  return JSON.stringify({
    account,
    storedBytes: String(storedBytes),
    bytesIn: String(bytesIn),
    bytesOut: String(bytesOut),
  });
}

/**
 * JSON.parse takes the last of two members of one name, others take the first. No value of a good line has a colon, so
 * colons count its members.
 */
function hasMemberTwice(line: string): boolean {
  return line.split(":").length - 1 !== Object.keys(UsageLineSchema.shape).length;
}

function parseJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new CorruptPartError(`line ${number}: not JSON`);
  }
}
