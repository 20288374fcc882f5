import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Day } from "#ledger";
import {
  ACCOUNTS_PER_PART,
  addUsage,
  type Manifest,
  MOST_PARTS,
  type PartEntry,
} from "../../functions/billing/usage/manifest.ts";
import { formatUsageLine, type UsageLine } from "../../functions/billing/usage/usage-line.ts";

/** Usage that cannot be written as it is. */
export class UsageRefusedError extends Error {
  override readonly name = "UsageRefusedError";
}

export interface WriterOptions {
  /** Default: 25,000. */
  readonly accountsPerPart?: number;
  /** Overwrite a day that was written before with other usage. */
  readonly replace?: boolean;
}

/**
 * Writes a day of usage into a folder: the parts, then the manifest, each under a temporary name first. It holds a part
 * at a time, and the ids of all accounts. The same usage gives the same bytes, so it may be repeated.
 * @throws UsageRefusedError when an account comes twice, there are too many parts, or the folder holds other usage
 */
export async function writeUsage(
  day: Day,
  lines: AsyncIterable<UsageLine> | Iterable<UsageLine>,
  folder: string,
  { accountsPerPart = ACCOUNTS_PER_PART, replace = false }: WriterOptions = {},
): Promise<Manifest> {
  mkdirSync(folder, { recursive: true });
  const seen = new Set<string>();
  const entries: PartEntry[] = [];
  let part: UsageLine[] = [];
  for await (const line of lines) {
    if (seen.has(line.account)) throw new UsageRefusedError(`account ${line.account} comes twice`);
    seen.add(line.account);
    part.push(line);
    if (part.length < accountsPerPart) continue;
    entries.push(writePart(folder, entries.length, part, replace));
    part = [];
  }
  if (part.length > 0) entries.push(writePart(folder, entries.length, part, replace));
  const manifest: Manifest = { version: 1, day, accounts: seen.size, ...addUsage(entries), parts: entries };
  keep(folder, "manifest.json", Buffer.from(`${formatManifest(manifest)}\n`), replace);
  return manifest;
}

/** A manifest as text: byte counts are decimal strings. */
export function formatManifest(manifest: Manifest): string {
  const written = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return JSON.stringify(manifest, written, 2);
}

/** One part as it is uploaded, and its entry in the manifest. */
export function packPart(index: number, lines: readonly UsageLine[]): { packed: Buffer; entry: PartEntry } {
  const packed = gzipSync(lines.map((line) => `${formatUsageLine(line)}\n`).join(""));
  const key = `part-${String(index).padStart(5, "0")}.jsonl.gz`;
  const sha256 = createHash("sha256").update(packed).digest("hex");
  return { packed, entry: { key, sha256, accounts: lines.length, ...addUsage(lines) } };
}

function writePart(folder: string, index: number, lines: readonly UsageLine[], replace: boolean): PartEntry {
  if (index >= MOST_PARTS)
    throw new UsageRefusedError(
      `over ${MOST_PARTS} parts: put more accounts into each (--accounts-per-part)`,
    );
  const { packed, entry } = packPart(index, lines);
  keep(folder, entry.key, packed, replace);
  return entry;
}

/** Puts a file in place whole. What stands there with other content is not overwritten unasked. */
function keep(folder: string, name: string, content: Buffer, replace: boolean): void {
  const file = join(folder, name);
  if (existsSync(file)) {
    if (readFileSync(file).equals(content)) return;
    if (!replace) throw new UsageRefusedError(`${file} exists with other content; replace it with --replace`);
  }
  const draft = `${file}.new`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
