import { createHash } from "node:crypto";
import { CorruptPartError } from "./failures.ts";
import { addUsage, type PartEntry } from "./manifest.ts";
import { parseUsageLine, type UsageLine } from "./usage-line.ts";

/** Bytes of a part once it is unpacked: 100,000 lines of the longest kind, and no bomb. */
export const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Checks the packed bytes against the manifest, before anybody unpacks them. @throws CorruptPartError */
export function requireChecksum(packed: Uint8Array, { key, sha256 }: PartEntry): void {
  const found = createHash("sha256").update(packed).digest("hex");
  if (found !== sha256)
    throw new CorruptPartError(`${key}: SHA-256 is ${found}, the manifest says ${sha256}`);
}

/** Why a part cannot be unpacked, of what zlib threw. `code` is looked at, since that holds in every realm. */
export function unpackFailure({ key }: Pick<PartEntry, "key">, cause: unknown): CorruptPartError {
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
  const isTooLarge = code === "ERR_BUFFER_TOO_LARGE";
  const reason = isTooLarge ? `over ${MOST_UNPACKED_BYTES} bytes unpacked` : String(message);
  return new CorruptPartError(`${key} cannot be unpacked: ${reason}`, { cause });
}

/** The lines of an unpacked part; count, sums and ids must be in order. @throws CorruptPartError */
export function readLines(text: string, entry: PartEntry): UsageLine[] {
  if (!text.endsWith("\n")) throw new CorruptPartError(`${entry.key}: the last line has no end`);
  const lines = text
    .slice(0, -1)
    .split("\n")
    .map((line, index) => readLine(line, index + 1, entry));
  const sums = addUsage(lines);
  const faults = [
    ...(lines.length === entry.accounts
      ? []
      : [`${lines.length} lines, the manifest says ${entry.accounts}`]),
    ...repeated(lines).map((account) => `account ${account} stands there twice`),
    ...(["storedBytes", "bytesIn", "bytesOut"] as const)
      .filter((one) => sums[one] !== entry[one])
      .map((one) => `${one} sum to ${sums[one]}, the manifest says ${entry[one]}`),
  ];
  if (faults.length > 0) throw new CorruptPartError(`${entry.key}: ${faults.join("; ")}`);
  return lines;
}

/** The first account that comes again, if there is one: a part of nothing else must not make a message of them all. */
function repeated(lines: readonly UsageLine[]): string[] {
  const seen = new Set<string>();
  for (const { account } of lines) {
    if (seen.has(account)) return [account];
    seen.add(account);
  }
  return [];
}

function readLine(line: string, number: number, { key }: PartEntry): UsageLine {
  try {
    return parseUsageLine(line, number);
  } catch (error) {
    throw error instanceof CorruptPartError ? new CorruptPartError(`${key}: ${error.message}`) : error;
  }
}
