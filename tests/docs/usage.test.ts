import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { MOST_ACCOUNTS_PER_PART, MOST_PARTS, parseManifest } from "../../functions/billing/usage/manifest.ts";
import { MOST_UNPACKED_BYTES, readLines, requireChecksum } from "../../functions/billing/usage/read-part.ts";
import { formatManifest } from "../../local/usage/usage-writer.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/usage.md"), "utf8");

/** The first block of a language after some words. */
function blockAfter(words: string, language: string): string {
  const from = page.indexOf(words);
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page.slice(from))?.[1];
  if (from < 0 || block === undefined)
    throw new Error(`docs/usage.md has no block of ${language} after "${words}"`);
  return block;
}

describe("docs/usage.md", () => {
  const lines = blockAfter("## A part", "json");
  const packed = Buffer.from(blockAfter("in base64", "text"), "base64");
  const manifest = blockAfter("## The manifest", "json");

  it("shows a part and a manifest that a night takes, checksum and all", () => {
    const read = parseManifest(manifest, "2026-11-22");
    expect(`${formatManifest(read)}\n`).toBe(manifest);
    const [entry] = read.parts;
    if (entry === undefined) throw new Error("no part");
    requireChecksum(packed, entry);
    expect(gunzipSync(packed).toString("utf8")).toBe(lines);
    expect(readLines(lines, entry)).toHaveLength(2);
  });

  it("names the limits that are enforced", () => {
    expect(page).toContain(`at most ${MOST_ACCOUNTS_PER_PART.toLocaleString("en-US")} accounts, and a day`);
    expect(page).toContain(`at most ${MOST_PARTS} parts`);
    expect(page).toContain(`at most ${MOST_UNPACKED_BYTES / 1024 / 1024} MiB unpacked`);
  });
});
