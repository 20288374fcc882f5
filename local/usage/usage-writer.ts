import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Day } from "#ledger";
import {
  ACCOUNTS_PER_PART,
  addUsage,
  type Manifest,
  MOST_ACCOUNTS_PER_PART,
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

const MANIFEST = "manifest.json";
const PART = /^part-\d{5}\.jsonl\.gz$/;
const DRAFT = /^(part-\d{5}\.jsonl\.gz|manifest\.json)\.new$/;

/**
 * Writes a day of usage into a folder. Everything is drafted under temporary names first; once all of it has been read
 * and accepted, the parts are put in place, and the manifest last, so that a folder with a manifest is whole. It holds a
 * part at a time, and the ids of all accounts. The same usage gives the same bytes, so it may be repeated.
 * @throws UsageRefusedError when an account comes twice, there are too many parts, or the folder has another manifest;
 *   nothing that stood in the folder has been changed then
 */
export async function writeUsage(
  day: Day,
  lines: AsyncIterable<UsageLine> | Iterable<UsageLine>,
  folder: string,
  { accountsPerPart = ACCOUNTS_PER_PART, replace = false }: WriterOptions = {},
): Promise<Manifest> {
  if (!Number.isInteger(accountsPerPart) || accountsPerPart < 1 || accountsPerPart > MOST_ACCOUNTS_PER_PART)
    throw new UsageRefusedError(`a part has 1 to ${MOST_ACCOUNTS_PER_PART} accounts, not ${accountsPerPart}`);
  mkdirSync(folder, { recursive: true });
  removeFiles(folder, (name) => DRAFT.test(name)); // of a run that was killed
  try {
    const parts = await draftParts(folder, lines, accountsPerPart);
    const accounts = parts.reduce((count, part) => count + part.accounts, 0);
    const manifest: Manifest = { version: 1, day, accounts, ...addUsage(parts), parts };
    putInPlace(folder, manifest, replace);
    return manifest;
  } finally {
    removeFiles(folder, (name) => DRAFT.test(name));
  }
}

/** A manifest as text: byte counts are decimal strings. */
export function formatManifest(manifest: Manifest): string {
  const written = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return JSON.stringify(manifest, written, 2);
}

/** One part as it is uploaded, and its entry in the manifest. Node's gzip carries no time, so bytes repeat. */
export function packPart(index: number, lines: readonly UsageLine[]): { packed: Buffer; entry: PartEntry } {
  const packed = gzipSync(lines.map((line) => `${formatUsageLine(line)}\n`).join(""));
  const key = `part-${String(index).padStart(5, "0")}.jsonl.gz`;
  const sha256 = createHash("sha256").update(packed).digest("hex");
  return { packed, entry: { key, sha256, accounts: lines.length, ...addUsage(lines) } };
}

async function draftParts(
  folder: string,
  lines: AsyncIterable<UsageLine> | Iterable<UsageLine>,
  accountsPerPart: number,
): Promise<PartEntry[]> {
  const seen = new Set<string>();
  const entries: PartEntry[] = [];
  let part: UsageLine[] = [];
  for await (const line of lines) {
    if (seen.has(line.account))
      throw new UsageRefusedError(`account ${line.account} comes twice, again as number ${seen.size + 1}`);
    seen.add(line.account);
    part.push(line);
    if (part.length < accountsPerPart) continue;
    entries.push(draftPart(folder, entries.length, part));
    part = [];
  }
  if (part.length > 0) entries.push(draftPart(folder, entries.length, part));
  return entries;
}

function draftPart(folder: string, index: number, lines: readonly UsageLine[]): PartEntry {
  if (index >= MOST_PARTS)
    throw new UsageRefusedError(
      `over ${MOST_PARTS} parts: put more accounts into each (--accounts-per-part)`,
    );
  const { packed, entry } = packPart(index, lines);
  writeFileSync(join(folder, `${entry.key}.new`), packed);
  return entry;
}

/** Renames the drafts. Parts that are not the manifest's are of an earlier run, and would be uploaded with the rest. */
function putInPlace(folder: string, manifest: Manifest, replace: boolean): void {
  const file = join(folder, MANIFEST);
  const text = `${formatManifest(manifest)}\n`;
  const isSame = existsSync(file) && readFileSync(file, "utf8") === text;
  if (existsSync(file) && !isSame) {
    if (!replace) throw new UsageRefusedError(`${file} exists with other content; replace it with --replace`);
    rmSync(file);
  }
  for (const { key } of manifest.parts) renameSync(join(folder, `${key}.new`), join(folder, key));
  const keys = new Set(manifest.parts.map(({ key }) => key));
  removeFiles(folder, (name) => PART.test(name) && !keys.has(name));
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function removeFiles(folder: string, isMeant: (name: string) => boolean): void {
  for (const name of readdirSync(folder).filter(isMeant)) rmSync(join(folder, name));
}
