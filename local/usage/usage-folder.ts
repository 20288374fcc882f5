import { createReadStream, existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { type Day, DayText } from "#ledger";
import { CorruptPartError, UsageManifestError } from "../../functions/billing/usage/failures.ts";
import { type Manifest, type PartEntry, parseManifest } from "../../functions/billing/usage/manifest.ts";
import {
  MOST_UNPACKED_BYTES,
  readLines,
  requireChecksum,
  unpackFailure,
} from "../../functions/billing/usage/read-part.ts";
import { parseUsageLine, type UsageLine } from "../../functions/billing/usage/usage-line.ts";

/**
 * Checks a folder of usage as a night will: manifest, checksums, lines, sums; and that no account stands in two parts,
 * which a night does not see before it charges. A folder that has a day's name must be about that day.
 * @throws UsageManifestError, CorruptPartError
 */
export function checkUsage(folder: string): Manifest {
  const manifest = readManifest(folder);
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

/** The usage lines of a text file, or of a stream, one at a time. @throws CorruptPartError naming the line */
export async function* linesOf(from: string | Readable): AsyncGenerator<UsageLine> {
  const input = typeof from === "string" ? createReadStream(from) : from;
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line !== "") yield parseUsageLine(line, number);
    }
  } finally {
    input.destroy(); // or a pipe that stays open would keep the process waiting after an error
  }
}

function readManifest(folder: string): Manifest {
  const file = join(folder, "manifest.json");
  if (!existsSync(file)) throw new UsageManifestError(`there is no ${file}: the day would not be billed`);
  const text = readFileSync(file, "utf8");
  return parseManifest(text, dayOfName(folder) ?? dayWithin(text, file));
}

/** The night takes the day from the key, usage/DAY/manifest.json. */
function dayOfName(folder: string): Day | undefined {
  return DayText.safeParse(basename(resolve(folder))).data;
}

function dayWithin(text: string, file: string): Day {
  const day = DayText.safeParse(/"day"\s*:\s*"([^"]*)"/.exec(text)?.[1]);
  if (day.success) return day.data;
  throw new UsageManifestError(`${file} names no day: "day":"2026-11-22" is how it does`);
}

function readPart(file: string, entry: PartEntry): UsageLine[] {
  if (!existsSync(file)) throw new CorruptPartError(`${entry.key} is not there`);
  const packed = readFileSync(file);
  requireChecksum(packed, entry);
  return readLines(unpack(packed, entry), entry);
}

function unpack(packed: Buffer, entry: PartEntry): string {
  try {
    return gunzipSync(packed, { maxOutputLength: MOST_UNPACKED_BYTES }).toString("utf8");
  } catch (cause) {
    throw unpackFailure(entry, cause);
  }
}
