import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chargeFor, ratesOn } from "#ledger";
import { readLines, requireChecksum } from "../../../functions/billing/usage/read-part.ts";
import type { UsageLine } from "../../../functions/billing/usage/usage-line.ts";
import { checkUsage, linesOf } from "../../../local/usage/usage-folder.ts";
import { writeUsage } from "../../../local/usage/usage-writer.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nightshift-usage-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = fc.bigInt({ min: 0n, max: 10n ** 18n });
const usage = fc.uniqueArray(
  fc.record({
    account: fc.stringMatching(/^[A-Za-z0-9._@+-]{1,64}$/),
    storedBytes: bytes,
    bytesIn: bytes,
    bytesOut: bytes,
  }),
  { selector: ({ account }) => account, maxLength: 30 },
);

describe("usage that was written", () => {
  it("is the same when it is read, in as many parts as it takes", async () => {
    await fc.assert(
      fc.asyncProperty(usage, fc.integer({ min: 1, max: 9 }), async (lines, accountsPerPart) => {
        const target = mkdtempSync(join(folder, "day-"));
        const manifest = await writeUsage("2026-11-22", lines, target, { accountsPerPart });
        expect(checkUsage(target)).toEqual(manifest);
        expect(manifest.parts).toHaveLength(Math.ceil(lines.length / accountsPerPart));
        const read = manifest.parts.flatMap((entry) => {
          const packed = readFileSync(join(target, entry.key));
          requireChecksum(packed, entry);
          return readLines(gunzipSync(packed).toString("utf8"), entry);
        });
        expect(read).toEqual(lines);
        const rates = ratesOn("2026-11-22", [
          { from: "2026-01-01", storagePicodollarsPerByteMonth: 250n, bandwidthPicodollarsPerByte: 250n },
        ]);
        const each = lines.reduce((sum, line) => sum + chargeFor(line, rates).total, 0n);
        expect(chargeFor(manifest, rates).total).toBe(each);
      }),
      { numRuns: 40 },
    );
  });

  it("is the same to the byte when it is written again, and no draft is left", async () => {
    await writeUsage("2026-11-22", LINES, folder, { accountsPerPart: 2 });
    const first = contents();
    await writeUsage("2026-11-22", LINES, folder, { accountsPerPart: 2 });
    expect(contents()).toEqual(first);
    expect(Object.keys(first)).toEqual(["manifest.json", "part-00000.jsonl.gz", "part-00001.jsonl.gz"]);
  });

  it("does not give way to other usage of the day unasked", async () => {
    await writeUsage("2026-11-22", LINES, folder);
    const other = LINES.slice(1);
    await expect(writeUsage("2026-11-22", other, folder)).rejects.toMatchObject({
      name: "UsageRefusedError",
    });
    expect(checkUsage(folder).accounts).toBe(3);
    await writeUsage("2026-11-22", other, folder, { replace: true });
    expect(checkUsage(folder).accounts).toBe(2);
  });

  it("has no account twice, in whichever parts", async () => {
    const twice = [...LINES, ...LINES.slice(0, 1)];
    await expect(writeUsage("2026-11-22", twice, folder, { accountsPerPart: 1 })).rejects.toThrow(
      "a1 comes twice",
    );
    expect(readdirSync(folder)).not.toContain("manifest.json"); // so the day is not billed
  });
});

describe("a folder is refused", () => {
  beforeEach(async () => {
    await writeUsage("2026-11-22", LINES, folder, { accountsPerPart: 2 });
  });

  it.each<[string, () => void, string]>([
    ["without its manifest", () => rmSync(join(folder, "manifest.json")), "the day would not be billed"],
    ["without a part", () => rmSync(join(folder, "part-00001.jsonl.gz")), "part-00001.jsonl.gz is not there"],
    [
      "with another part",
      () => writeFileSync(join(folder, "part-00001.jsonl.gz"), gzipSync("{}\n")),
      "SHA-256",
    ],
  ])("%s", (_, harm, reason) => {
    harm();
    expect(() => checkUsage(folder)).toThrow(reason);
  });
});

it("a file of lines is read as a stream, and its errors name the line", async () => {
  const file = join(folder, "usage.jsonl");
  writeFileSync(file, '{"account":"a1","storedBytes":"1","bytesIn":"0","bytesOut":"0"}\nnonsense\n');
  const read: UsageLine[] = [];
  await expect(
    (async () => {
      for await (const line of linesOf(file)) read.push(line);
    })(),
  ).rejects.toThrow("line 2: not JSON");
  expect(read).toHaveLength(1);
});

const LINES: UsageLine[] = ["a1", "a2", "a3"].map((account) => {
  return { account, storedBytes: 1000n, bytesIn: 1n, bytesOut: 2n };
});

function contents(): Record<string, string> {
  const files = readdirSync(folder).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "base64")]));
}
