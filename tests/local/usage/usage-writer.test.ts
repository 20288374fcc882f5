import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chargeFor, ratesOn } from "#ledger";
import {
  MOST_UNPACKED_BYTES,
  readLines,
  requireChecksum,
} from "../../../functions/billing/usage/read-part.ts";
import type { UsageLine } from "../../../functions/billing/usage/usage-line.ts";
import { sampleUsage } from "../../../local/usage/sample-usage.ts";
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
    const before = contents();
    for (const other of [LINES.slice(1), [...LINES, { ...LINES[0], account: "a4" } as UsageLine]]) {
      const refused = writeUsage("2026-11-22", other, folder, { accountsPerPart: 3 });
      await expect(refused).rejects.toMatchObject({ name: "UsageRefusedError" });
      expect(contents()).toEqual(before);
    }
    await expect(writeUsage("2026-11-23", LINES, folder)).rejects.toThrow("--replace");
    await writeUsage("2026-11-22", LINES.slice(1), folder, { replace: true });
    expect(checkUsage(folder).accounts).toBe(2);
  });

  it("takes the parts along that it replaces", async () => {
    await writeUsage("2026-11-22", LINES, folder, { accountsPerPart: 1 });
    writeFileSync(join(folder, "part-notes.txt"), "mine");
    await writeUsage("2026-11-22", LINES, folder, { accountsPerPart: 3, replace: true });
    expect(Object.keys(contents())).toEqual(["manifest.json", "part-00000.jsonl.gz", "part-notes.txt"]);
  });

  it("heals a folder in which a part was lost or spoilt", async () => {
    await writeUsage("2026-11-22", LINES, folder, { accountsPerPart: 1 });
    const before = contents();
    rmSync(join(folder, "part-00000.jsonl.gz"));
    writeFileSync(join(folder, "part-00001.jsonl.gz"), "spoilt");
    await writeUsage("2026-11-22", LINES, folder, { accountsPerPart: 1 });
    expect(contents()).toEqual(before);
  });

  it("goes over what a run left that was killed", async () => {
    writeFileSync(join(folder, "part-00000.jsonl.gz"), "of parts in place, without a manifest");
    writeFileSync(join(folder, "part-00007.jsonl.gz.new"), "a draft");
    await writeUsage("2026-11-22", LINES, folder);
    expect(Object.keys(contents())).toEqual(["manifest.json", "part-00000.jsonl.gz"]);
    expect(checkUsage(folder).accounts).toBe(3);
  });

  it("makes 200 parts and no more, and none of no accounts or too many", async () => {
    const lines = [...sampleUsage("2026-11-22", 201)];
    const refused = writeUsage("2026-11-22", lines, folder, { accountsPerPart: 1 });
    await expect(refused).rejects.toThrow("over 200 parts");
    for (const accountsPerPart of [0, 1.5, 100_001])
      await expect(writeUsage("2026-11-22", lines, folder, { accountsPerPart })).rejects.toThrow(
        "a part has 1 to",
      );
    expect(contents()).toEqual({});
    const whole = await writeUsage("2026-11-22", lines.slice(1), folder, { accountsPerPart: 1 });
    expect(whole.parts.at(-1)?.key).toBe("part-00199.jsonl.gz");
  });

  it("has no account twice, in whichever parts", async () => {
    const twice = [...LINES, ...LINES.slice(0, 1)];
    await expect(writeUsage("2026-11-22", twice, folder, { accountsPerPart: 1 })).rejects.toThrow(
      "a1 comes twice, again as number 4",
    );
    expect(contents()).toEqual({}); // no manifest, so the day is not billed, and no draft
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
    [
      "with a manifest that was cut short",
      () => writeFileSync(join(folder, "manifest.json"), contentOf("manifest.json").subarray(0, -9)),
      "manifest of 2026-11-22: not JSON",
    ],
    [
      "with a manifest of no day",
      () => writeFileSync(join(folder, "manifest.json"), '{"version":1,"day":"2026-02-30"}'),
      "names no day",
    ],
    [
      "with a cut part of the right checksum",
      () => forge((packed) => packed.subarray(0, -9)),
      "unexpected end",
    ],
    [
      "with a bomb",
      () => forge(() => gzipSync(Buffer.alloc(MOST_UNPACKED_BYTES + 1))),
      "over 67108864 bytes",
    ],
    [
      "with a line too many",
      () => forge((packed) => gzipSync(gunzipSync(packed).toString("utf8").repeat(2))),
      "2 lines, the manifest says 1; account a3 stands there twice",
    ],
    [
      "with an account of the other part",
      () => forge((packed) => gzipSync(gunzipSync(packed).toString("utf8").replace("a3", "a1"))),
      "account a1 stands in part-00000.jsonl.gz and in part-00001.jsonl.gz",
    ],
  ])("%s", (_, harm, reason) => {
    harm();
    expect(() => checkUsage(folder)).toThrow(reason);
  });

  it("that has another day's name: the night would look for it there", async () => {
    const named = join(folder, "2026-11-21");
    await writeUsage("2026-11-22", LINES, named);
    expect(() => checkUsage(named)).toThrow("manifest of 2026-11-21: it is about 2026-11-22");
    renameSync(named, join(folder, "2026-11-22"));
    expect(checkUsage(join(folder, "2026-11-22", ".")).accounts).toBe(3);
  });

  /** Makes another last part, with the manifest's checksum put right: only what comes after it can tell. */
  function forge(change: (packed: Buffer) => Buffer): void {
    const before = contentOf("part-00001.jsonl.gz");
    const after = change(before);
    const sums = [before, after].map((bytes) => createHash("sha256").update(bytes).digest("hex"));
    const text = contentOf("manifest.json")
      .toString("utf8")
      .replace(sums[0] ?? "", sums[1] ?? "");
    writeFileSync(join(folder, "part-00001.jsonl.gz"), after);
    writeFileSync(join(folder, "manifest.json"), text);
  }
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

function contentOf(file: string): Buffer {
  return readFileSync(join(folder, file));
}

function contents(): Record<string, string> {
  const files = readdirSync(folder).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "base64")]));
}
