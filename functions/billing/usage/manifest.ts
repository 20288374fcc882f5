import { type Day, DayText, type Usage } from "#ledger";
import { z } from "#platform";
import { UsageManifestError } from "./failures.ts";

/** Parts of a day, so that a night stays well below the 25,000 events of an execution (Step Functions, "Quotas"). */
export const MOST_PARTS = 200;
/** Accounts of a part that the writer makes; and the most that a reader takes, for its memory. */
export const ACCOUNTS_PER_PART = 25_000;
export const MOST_ACCOUNTS_PER_PART = 100_000;

const Sum = z
  .string()
  .regex(/^(0|[1-9]\d{0,29})$/, "whole bytes as decimal text")
  .transform((text) => BigInt(text));
const Sums = { storedBytes: Sum, bytesIn: Sum, bytesOut: Sum };

const PartEntry = z.strictObject({
  key: z.string().regex(/^part-\d{5}\.jsonl\.gz$/, "part-NNNNN.jsonl.gz"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
  accounts: z.number().int().min(1).max(MOST_ACCOUNTS_PER_PART),
  ...Sums,
});

/** usage/DAY/manifest.json (docs/usage.md). */
export const ManifestSchema = z.strictObject({
  version: z.literal(1),
  day: DayText,
  accounts: z.number().int().min(0),
  ...Sums,
  parts: z.array(PartEntry).max(MOST_PARTS),
});

export type Manifest = z.infer<typeof ManifestSchema>;
export type PartEntry = Manifest["parts"][number];

/** Reads a day's manifest, and checks that its sums are those of its parts. @throws UsageManifestError */
export function parseManifest(text: string, day: Day): Manifest {
  const parsed = ManifestSchema.safeParse(parseJson(text, day));
  if (!parsed.success) throw new UsageManifestError(`manifest of ${day}: ${z.prettifyError(parsed.error)}`);
  const manifest = parsed.data;
  const faults = [
    ...(manifest.day === day ? [] : [`it is about ${manifest.day}`]),
    ...(new Set(manifest.parts.map(({ key }) => key)).size === manifest.parts.length ? [] : ["a part twice"]),
    ...sumFaults(manifest),
  ];
  if (faults.length > 0) throw new UsageManifestError(`manifest of ${day}: ${faults.join("; ")}`);
  return manifest;
}

/** The sums of some usage. */
export function addUsage(all: readonly Usage[]): Usage {
  return all.reduce(
    (sum, one) => ({
      storedBytes: sum.storedBytes + one.storedBytes,
      bytesIn: sum.bytesIn + one.bytesIn,
      bytesOut: sum.bytesOut + one.bytesOut,
    }),
    { storedBytes: 0n, bytesIn: 0n, bytesOut: 0n },
  );
}

function sumFaults(manifest: Manifest): string[] {
  const sums = addUsage(manifest.parts);
  const accounts = manifest.parts.reduce((count, part) => count + part.accounts, 0);
  const members = (["storedBytes", "bytesIn", "bytesOut"] as const).filter(
    (one) => manifest[one] !== sums[one],
  );
  const faults = members.map((one) => `${one} is ${manifest[one]}, its parts make ${sums[one]}`);
  return manifest.accounts === accounts
    ? faults
    : [`accounts is ${manifest.accounts}, its parts make ${accounts}`, ...faults];
}

function parseJson(text: string, day: Day): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageManifestError(`manifest of ${day}: not JSON, or cut short`);
  }
}
