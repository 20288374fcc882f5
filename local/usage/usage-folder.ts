import { createReadStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import type { Day } from "#ledger";
import { CorruptPartError, UsageManifestError } from "../../functions/billing/usage/failures.ts";
import { type Manifest, parseManifest } from "../../functions/billing/usage/manifest.ts";
import { MOST_UNPACKED_BYTES, readLines, requireChecksum } from "../../functions/billing/usage/read-part.ts";
import { parseUsageLine, type UsageLine } from "../../functions/billing/usage/usage-line.ts";

/**
 * Checks a folder of usage as a night will: manifest, checksums, lines, sums, and no account twice.
 * @throws UsageManifestError, CorruptPartError
 */
export function checkUsage(folder: string): Manifest {
  const manifest = readManifest(join(folder, "manifest.json"));
  const seen = new Map<string, string>();
  for (const entry of manifest.parts) {
    for (const { account } of readPart(join(folder, entry.key), entry)) {
      const before = seen.get(account);
      if (before !== undefined)
        throw new CorruptPartError(`account ${account} stands in ${before} and in ${entry.key}`);
      seen.set(account, entry.key);
    }
  }
  return manifest;
}

/** The usage lines of a text file, one at a time. @throws CorruptPartError naming the line */
export async function* linesOf(file: string): AsyncGenerator<UsageLine> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1;
    if (line !== "") yield parseUsageLine(line, number);
  }
}

function readManifest(file: string): Manifest {
  if (!existsSync(file)) throw new UsageManifestError(`there is no ${file}: the day would not be billed`);
  const text = readFileSync(file, "utf8");
  const day = /"day"\s*:\s*"(\d{4}-\d\d-\d\d)"/.exec(text)?.[1] ?? "";
  return parseManifest(text, day as Day);
}

function readPart(file: string, entry: Manifest["parts"][number]): UsageLine[] {
  if (!existsSync(file)) throw new CorruptPartError(`${entry.key} is not there`);
  const packed = readFileSync(file);
  requireChecksum(packed, entry);
  return readLines(unpack(packed, entry.key), entry);
}

function unpack(packed: Buffer, key: string): string {
  try {
    return gunzipSync(packed, { maxOutputLength: MOST_UNPACKED_BYTES }).toString("utf8");
  } catch (cause) {
    throw new CorruptPartError(`${key} cannot be unpacked`, { cause });
  }
}
