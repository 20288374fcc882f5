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

/** The lines of an unpacked part; count, sums and ids must be in order. @throws CorruptPartError */
export function readLines(text: string, entry: PartEntry): UsageLine[] {
  if (!text.endsWith("\n")) throw new CorruptPartError(`${entry.key}: the last line has no end`);
  const lines = text
    .slice(0, -1)
    .split("\n")
    .map((line, index) => readLine(line, index + 1, entry));
  const seen = new Set(lines.map(({ account }) => account));
  const sums = addUsage(lines);
  const faults = [
    ...(lines.length === entry.accounts
      ? []
      : [`${lines.length} lines, the manifest says ${entry.accounts}`]),
    ...(seen.size === lines.length ? [] : ["an account stands there twice"]),
    ...(["storedBytes", "bytesIn", "bytesOut"] as const)
      .filter((one) => sums[one] !== entry[one])
      .map((one) => `${one} sum to ${sums[one]}, the manifest says ${entry[one]}`),
  ];
  if (faults.length > 0) throw new CorruptPartError(`${entry.key}: ${faults.join("; ")}`);
  return lines;
}

function readLine(line: string, number: number, { key }: PartEntry): UsageLine {
  try {
    return parseUsageLine(line, number);
  } catch (error) {
    throw error instanceof CorruptPartError ? new CorruptPartError(`${key}: ${error.message}`) : error;
  }
}
